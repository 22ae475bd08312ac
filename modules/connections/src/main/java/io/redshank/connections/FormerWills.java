package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSCAN;

import io.redshank.model.MessageClock;
import io.redshank.model.NodeName;
import io.redshank.redis.HeldWill;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the wills published of the clients that were connected to a node which did not stop in order [MQTT-3.1.2-8]. Works through them
 * in small steps in the background.
 */
final class FormerWills {
    private static final Logger log = LoggerFactory.getLogger(FormerWills.class);
    private static final int WILLS_PER_STEP = 100;
    private static final long RETRY_MILLIS = 1000;

    private final Vertx vertx;
    private final RedisLink link;
    private final NodeName node;
    private final String key;
    private final long beforeMillis;
    private int left;
    private long timer = -1;
    private boolean stopped;

    /** Those that the node has held since before that time. */
    FormerWills(Vertx vertx, RedisLink link, NodeName node, long beforeMillis) {
        this.vertx = vertx;
        this.link = link;
        this.node = node;
        this.key = Keys.heldWills(node);
        this.beforeMillis = beforeMillis;
    }

    /** Begins when its pool is connected, and tries until it is done. */
    void open() {
        link.up().compose(up -> leaveAll()).onFailure(failure -> {
            if (!stopped) {
                log.warn("Wills of a former run not read, trying again [cause={}]", failure.getMessage());
                timer = vertx.setTimer(RETRY_MILLIS, again -> open());
            }
        });
    }

    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
    }

    /** Has them published, now or after their delay; may be broken off and done again. */
    Future<Void> leaveAll() {
        return step("0").onSuccess(done -> {
            if (left > 0) {
                log.info(
                        "Wills left by a former run are due now, or after their delay [node={}, wills={}]", node, left);
            }
        });
    }

    private Future<Void> step(String cursor) {
        if (stopped) {
            return Future.succeededFuture();
        }
        return link.send(Request.cmd(HSCAN, key, cursor, "COUNT", WILLS_PER_STEP))
                .compose(page -> page == null ? Future.succeededFuture("0") : leavePage(page))
                .compose(next -> next.equals("0") ? Future.succeededFuture() : step(next));
    }

    private Future<String> leavePage(Response page) {
        List<Future<Void>> all = new ArrayList<>();
        Response entries = page.get(1);
        for (int i = 0; i + 1 < entries.size(); i += 2) {
            String id = entries.get(i).toString();
            HeldWill held = HeldWill.read(id, entries.get(i + 1).toString());
            if (held == null) {
                log.warn("A will is not readable, forgotten [id={}]", id);
                all.add(link.send(Request.cmd(HDEL, key, id)).mapEmpty());
            } else if (MessageClock.microsOf(held.id()) < TimeUnit.MILLISECONDS.toMicros(beforeMillis)) {
                left++;
                all.add(held.leave(link, node, beforeMillis));
            }
        }
        return Future.all(all).map(page.get(0).toString());
    }
}
