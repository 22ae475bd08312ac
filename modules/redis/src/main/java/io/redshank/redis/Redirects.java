package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands of a link that servers of a cluster have sent elsewhere, in their order. Confined to the link's context. */
final class Redirects {
    private static final Logger log = LoggerFactory.getLogger(Redirects.class);
    private static final int MOST = 16;
    private static final long PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final ClusterMasters masters;
    private final BiConsumer<Redirect.Place, RedisFailure> onFailure;
    private final ArrayDeque<Redirect> waiting = new ArrayDeque<>();

    /** None at first; the action is told of commands that are not executed in the end. */
    Redirects(Vertx vertx, ClusterMasters masters, BiConsumer<Redirect.Place, RedisFailure> onFailure) {
        this.vertx = vertx;
        this.masters = masters;
        this.onFailure = onFailure;
    }

    void add(Redirect redirect) {
        waiting.add(redirect);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Executes them one by one. If that cannot go on, the rest have failed. */
    Future<Void> follow() {
        boolean moved = waiting.stream().anyMatch(redirect -> !redirect.once());
        log.debug("Commands go elsewhere, as their slots do [commands={}, moved={}]", waiting.size(), moved);
        Future<Void> known = moved ? masters.refresh() : Future.succeededFuture();
        return known.compose(asked -> next()).onFailure(this::failAll);
    }

    private Future<Void> next() {
        Redirect next = waiting.peek();
        return next == null
                ? Future.succeededFuture()
                : follow(next, 1).compose(done -> {
                    waiting.remove();
                    return next();
                });
    }

    private void failAll(Throwable cause) {
        RedisFailure why = RedisFailure.linkDown(String.valueOf(cause.getMessage()));
        waiting.forEach(left -> onFailure.accept(left.where(), why));
        waiting.clear();
    }

    private Future<Void> follow(Redirect redirect, int attempt) {
        Request request = redirect.request();
        RedisAddress to = redirect.to();
        OneServer server = to == null ? masters.of(Slots.of(request)) : masters.at(to);
        List<Request> requests =
                redirect.once() ? List.of(Request.cmd(Command.create("ASKING")), request) : List.of(request);
        return server.up()
                .timeout(masters.timeoutMillis(), TimeUnit.MILLISECONDS)
                .compose(connected -> server.inOrder(requests, true))
                .compose(replies -> onReplies(redirect.where(), attempt, replies));
    }

    private Future<Void> onReplies(Redirect.Place where, int attempt, PipelineReplies replies) {
        int last = replies.size() - 1;
        RedisFailure failure = replies.failure(last);
        if (failure == null) {
            where.call().reply(where.place(), replies.reply(last));
            return Future.succeededFuture();
        }
        Redirect further = Redirect.of(where, failure);
        if (further == null) {
            onFailure.accept(where, failure);
            return Future.succeededFuture();
        }
        if (attempt == MOST) {
            onFailure.accept(where, RedisFailure.unavailable("sent from server to server of the Redis Cluster"));
            return Future.succeededFuture();
        }
        return vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                .compose(paused -> further.once() ? Future.succeededFuture() : masters.refresh())
                .compose(known -> follow(further, attempt + 1));
    }
}
