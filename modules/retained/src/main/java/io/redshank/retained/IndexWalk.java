package io.redshank.retained;

import io.redshank.model.TopicName;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through all keys of a pool, a few at a time with pauses, and puts the topics of retained messages into the index. This
 * is how those are found that applications wrote while no node listened; nobody waits for it. Confined to the context that
 * opened it.
 */
final class IndexWalk {
    private static final Logger log = LoggerFactory.getLogger(IndexWalk.class);
    private static final int KEYS_PER_STEP = 250;
    private static final long PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final RedisLink link;
    private final long everyMillis;
    private long timer = -1;
    private boolean walking;
    private boolean stepping;
    private boolean again;
    private boolean closed;

    IndexWalk(Vertx vertx, RedisLink link, long everyMillis) {
        this.vertx = vertx;
        this.link = link;
        this.everyMillis = everyMillis;
    }

    /** Walks now, or once more when the walk that is under way has ended; and then every so often. */
    void start() {
        again = stepping;
        if (closed || walking) {
            return;
        }
        walking = true;
        boolean wasDue = vertx.cancelTimer(timer);
        log.trace("Walk begins [early={}]", wasDue);
        link.up().compose(up -> link.servers()).onSuccess(this::walk).onFailure(this::onFailure);
    }

    void close() {
        closed = true;
        boolean wasDue = vertx.cancelTimer(timer);
        log.trace("No more walks [due={}]", wasDue);
    }

    /** Over the keys of one server after the other. */
    private void walk(List<RedisLink> left) {
        if (left.isEmpty()) {
            ended();
        } else {
            step("0", left);
        }
    }

    private void step(String cursor, List<RedisLink> left) {
        stepping = true;
        Request scan = Request.cmd(Command.SCAN)
                .arg(cursor)
                .arg("MATCH")
                .arg(IndexWatch.PREFIX + "*")
                .arg("COUNT")
                .arg(KEYS_PER_STEP);
        left.get(0)
                .send(scan)
                .compose(this::onKeys)
                .onSuccess(next -> next(next, left))
                .onFailure(this::onFailure);
    }

    private void next(String cursor, List<RedisLink> left) {
        if (closed) {
            ended();
        } else if (cursor.equals("0")) {
            walk(left.subList(1, left.size()));
        } else {
            timer = vertx.setTimer(PAUSE_MILLIS, over -> step(cursor, left));
        }
    }

    private void onFailure(Throwable failure) {
        log.debug(
                "Walk through the retained messages ended early [pool={}]",
                link.pool().name(),
                failure);
        ended();
    }

    private void ended() {
        walking = false;
        stepping = false;
        if (again) {
            start();
        } else if (!closed) {
            timer = vertx.setTimer(everyMillis, due -> start());
        }
    }

    private Future<String> onKeys(@Nullable Response reply) {
        if (reply == null) {
            return Future.succeededFuture("0");
        }
        String next = reply.get(0).toString();
        List<byte[]> members = new ArrayList<>();
        for (Response key : reply.get(1)) {
            TopicName topic = IndexWatch.topicOf(key.toBuffer());
            if (topic != null) {
                members.add(RetainedMember.of(topic));
            }
        }
        return members.isEmpty()
                ? Future.succeededFuture(next)
                : link.send(RetainedIndex.indexed(members)).map(next);
    }
}
