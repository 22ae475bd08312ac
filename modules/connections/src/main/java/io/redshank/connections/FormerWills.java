package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSCAN;

import io.redshank.hooks.BackendOptions;
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
 * Has the wills published of the clients that were connected to the node of the same name that was here before and did not stop in
 * order [MQTT-3.1.2-8]. Works through them in small steps in the background.
 */
final class FormerWills {
    private static final Logger log = LoggerFactory.getLogger(FormerWills.class);
    private static final int WILLS_PER_STEP = 100;
    private static final long PAUSE_MILLIS = 10;
    private static final long RETRY_MILLIS = 1000;

    private final Vertx vertx;
    private final RedisLink link;
    private final NodeName node;
    private final String key;
    private final long startMillis = System.currentTimeMillis();
    private int left;
    private boolean stopped;

    FormerWills(Vertx vertx, BackendOptions options, RedisLink link) {
        this.vertx = vertx;
        this.link = link;
        this.node = options.node();
        this.key = Keys.heldWills(node);
    }

    /** Begins when its pool is connected. */
    void open() {
        step("0");
    }

    void stop() {
        stopped = true;
    }

    private void step(String cursor) {
        if (stopped) {
            return;
        }
        link.up()
                .compose(up -> link.send(Request.cmd(HSCAN, key, cursor, "COUNT", WILLS_PER_STEP)))
                .compose(page -> page == null ? Future.succeededFuture("0") : leaveAll(page))
                .onSuccess(next -> {
                    if (!next.equals("0")) {
                        vertx.setTimer(PAUSE_MILLIS, pause -> step(next));
                    } else if (left > 0) {
                        log.info(
                                "Wills left by this node's last run are due now, or after their delay [wills={}]",
                                left);
                    }
                })
                .onFailure(failure -> {
                    if (!stopped) {
                        log.warn(
                                "Wills left by this node's last run not read, trying again [cause={}]",
                                failure.getMessage());
                        vertx.setTimer(RETRY_MILLIS, again -> step(cursor));
                    }
                });
    }

    private Future<String> leaveAll(Response page) {
        List<Future<Void>> all = new ArrayList<>();
        Response entries = page.get(1);
        for (int i = 0; i + 1 < entries.size(); i += 2) {
            String id = entries.get(i).toString();
            HeldWill held = HeldWill.read(id, entries.get(i + 1).toString());
            if (held == null) {
                log.warn("A will is not readable, forgotten [id={}]", id);
                all.add(link.send(Request.cmd(HDEL, key, id)).mapEmpty());
            } else if (MessageClock.microsOf(held.id()) < TimeUnit.MILLISECONDS.toMicros(startMillis)) {
                left++;
                all.add(held.leave(link, node, startMillis));
            }
        }
        return Future.all(all).map(page.get(0).toString());
    }
}
