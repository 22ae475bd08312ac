package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The way to a Redis Cluster: each command to the master of its slot. */
final class ClusterWay implements Way {
    /*
     * Order. Calls stand in a line; the first one sends stage after stage, and leaves the line once its last stage is sent. So commands for
     * one key go to one connection in the order of the calls, and what may not be overtaken has been answered. Outcomes are told in
     * the order of the calls.
     *
     * A slot that moves. A server sends commands elsewhere (MOVED, ASK). Then the line stands still until all that is on its way has
     * been answered; what was sent elsewhere is executed one by one, in the order in which it was, and the line goes on. Nothing
     * overtakes, for commands of one slot were all on one connection. That costs a pause of some round trips, seldom enough.
     *
     * A master that goes. While one is not connected, or the cluster says that it is down, the whole way is: who waits for it would
     * have to wait anyway. The masters are asked for again until all slots have one that is connected.
     */
    private static final int SMALL = 4;
    private static final long STEADY_SECONDS = 2;

    private final Vertx vertx;
    private final PoolConfig pool;
    private final PoolHealth health;
    private final ClusterMasters masters;
    private final BackOff backOff = new BackOff();
    private final ArrayDeque<ClusterCall> line = new ArrayDeque<>();
    /** All calls whose outcome is not told, in their order. */
    private final ArrayDeque<ClusterCall> untold = new ArrayDeque<>();

    private final Redirects redirects;
    private Promise<Void> up = Promise.promise();
    private volatile boolean ready;
    private boolean settling;
    private boolean looking;
    private boolean isDown;
    private boolean closed;
    private int onTheWay;

    ClusterWay(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease) {
        this.vertx = vertx;
        this.pool = pool;
        this.health = PoolHealth.of(vertx, pool);
        this.masters = new ClusterMasters(vertx, pool, scripts, lease, this::onDown);
        this.redirects = new Redirects(vertx, masters, this::onFailure);
    }

    @Override
    public void start() {
        look();
    }

    @Override
    public boolean isUp() {
        return ready;
    }

    @Override
    public Future<Void> up() {
        return up.future();
    }

    @Override
    public List<Way> servers() {
        return List.copyOf(masters.all());
    }

    @Override
    public Future<@Nullable Response> send(Request request) {
        return call(ClusterCall.ofStages(List.of(List.of(request)), true)).compose(replies -> {
            RedisFailure failure = replies.failure(0);
            return failure == null ? Future.succeededFuture(replies.reply(0)) : Future.failedFuture(failure);
        });
    }

    @Override
    public Future<PipelineReplies> stages(List<List<Request>> stages, boolean oneByOne) {
        return call(ClusterCall.ofStages(stages, oneByOne));
    }

    @Override
    public Future<PipelineReplies> inOrder(List<Request> requests, boolean oneByOne) {
        return call(ClusterCall.inOrder(requests, oneByOne));
    }

    @Override
    public void close() {
        closed = true;
        ready = false;
        if (isDown) {
            health.linkClosed();
        }
        masters.close();
        RedisFailure why = RedisFailure.linkDown("the link to Redis is closed");
        up = Promise.promise();
        up.fail(why);
        giveUpLine(why);
    }

    private Future<PipelineReplies> call(ClusterCall call) {
        if (!ready) {
            return Future.failedFuture(RedisFailure.linkDown("not connected to all masters of the Redis Cluster"));
        }
        line.add(call);
        untold.add(call);
        advance();
        return call.promise().future();
    }

    private void advance() {
        ClusterCall first = line.peek();
        while (first != null && !settling && first.isAnswered()) {
            if (!first.isSent()) {
                sendStage(first);
            }
            if (first.isSent() && line.peek() == first) { // what failed at once is gone already
                line.remove();
            }
            first = line.peek();
        }
        tell();
    }

    private void tell() {
        ClusterCall oldest = untold.peek();
        while (oldest != null && oldest.isDone()) {
            untold.remove();
            oldest.complete();
            oldest = untold.peek();
        }
    }

    private void sendStage(ClusterCall call) {
        Map<OneServer, List<Integer>> parts = new LinkedHashMap<>();
        for (int place : call.nextStage()) {
            OneServer master = masters.of(Slots.of(call.request(place)));
            parts.computeIfAbsent(master, first -> new ArrayList<>()).add(place);
        }
        parts.forEach((master, places) -> sendPart(call, master, places));
    }

    private void sendPart(ClusterCall call, OneServer master, List<Integer> places) {
        onTheWay++;
        List<Request> requests = places.stream().map(call::request).toList();
        master.inOrder(requests, call.isOneByOne() || requests.size() <= SMALL)
                .onSuccess(replies -> onReplies(call, places, replies))
                .onFailure(failure -> onPartFailed(call, places, failure));
    }

    private void onReplies(ClusterCall call, List<Integer> places, PipelineReplies replies) {
        onTheWay--;
        for (int i = 0; i < places.size(); i++) {
            int place = places.get(i);
            RedisFailure failure = replies.failure(i);
            if (failure != null) {
                onRefused(new Redirect.Place(call, place), failure);
            } else if (replies.repliesHidden()) {
                call.executed(place);
            } else {
                call.reply(place, replies.reply(i));
            }
        }
        goOn();
    }

    private void onRefused(Redirect.Place where, RedisFailure failure) {
        Redirect redirect = Redirect.of(where, failure);
        if (redirect == null) {
            onFailure(where, failure);
        } else {
            redirects.add(redirect);
            settling = true;
        }
    }

    private void onFailure(Redirect.Place where, RedisFailure failure) {
        where.call().failure(where.place(), failure);
        if (failure.hasCode("CLUSTERDOWN")) {
            onDown();
        }
    }

    private void onPartFailed(ClusterCall call, List<Integer> places, Throwable cause) {
        onTheWay--;
        RedisFailure failure =
                cause instanceof RedisFailure known ? known : RedisFailure.linkDown(String.valueOf(cause));
        places.forEach(place -> call.failure(place, failure));
        goOn();
    }

    private void goOn() {
        if (settling && onTheWay == 0 && !redirects.isEmpty()) {
            settle();
        }
        advance();
    }

    private void settle() {
        redirects.follow().onFailure(failure -> onDown()).onComplete(done -> {
            settling = false;
            goOn();
        });
    }

    /** A master has gone, or the cluster says that it cannot go on. */
    private void onDown() {
        if (ready) {
            ready = false;
            up = Promise.promise();
            RedisFailure why = RedisFailure.linkDown("the Redis Cluster has lost a master");
            noteDown(why);
            giveUpLine(why);
        }
        if (!looking && !closed) {
            looking = true;
            vertx.setTimer(backOff.nextMillis(), due -> look());
        }
    }

    /** What is not sent will not be; what is sent gets its answer, or the end of its connection. */
    private void giveUpLine(RedisFailure why) {
        line.forEach(call -> call.abandon(why));
        line.clear();
        tell();
    }

    private void look() {
        looking = true;
        if (closed) {
            return;
        }
        masters.refresh()
                .onComplete(
                        found -> {
                            looking = false;
                            if (closed) {
                                masters.close();
                            } else if (settling || onTheWay > 0) {
                                onDown(); // what was on its way first
                            } else {
                                onReady();
                            }
                        },
                        this::onNotFound);
    }

    private void onReady() {
        if (masters.all().stream().allMatch(OneServer::isUp)) {
            ready = true;
            if (isDown) {
                isDown = false;
                health.linkUp(where());
            }
            up.complete();
            vertx.setTimer(TimeUnit.SECONDS.toMillis(STEADY_SECONDS), steady -> {
                if (ready) {
                    backOff.reset();
                }
            });
        } else {
            onDown();
        }
    }

    private void onNotFound(Throwable failure) {
        looking = false;
        noteDown(failure);
        onDown();
    }

    private void noteDown(Throwable why) {
        if (!isDown && !closed) {
            isDown = true;
            health.linkDown(where(), why);
        }
    }

    private String where() {
        return "cluster of " + pool.servers();
    }
}
