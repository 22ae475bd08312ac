package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSCAN;
import static io.vertx.redis.client.Command.ZADD;
import static io.vertx.redis.client.Command.ZREM;

import io.redshank.hooks.BackendOptions;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.redis.DueMessages;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the wills published of the clients that were connected to the node of the same name that was here before and did not stop in
 * order [MQTT-3.1.2-8]. Works through them in small steps in the background.
 */
final class FormerWills {
    /**
     * Leaves will ARGV[2], due at ARGV[3], to the session of a client that has not come back since ARGV[1]: 1; if it has come
     * back, 0; if there is no session that could wait for it, -1.
     */
    private static final Script LEAVE = new Script("former-will-left", """
            local session = redis.call('HMGET', KEYS[1], 'created_at', 'connected')
            if not session[1] then
              return -1
            end
            if tonumber(session[2] or '0') >= tonumber(ARGV[1]) then
              return 0
            end
            redis.call('HSET', KEYS[1], 'will', ARGV[2], 'will_due', ARGV[3])
            return 1
            """);
    /** What its link has to have loaded. */
    static final List<Script> SCRIPTS = List.of(LEAVE);

    private static final Logger log = LoggerFactory.getLogger(FormerWills.class);
    private static final int WILLS_PER_STEP = 100;
    private static final long PAUSE_MILLIS = 10;
    private static final long RETRY_MILLIS = 1000;

    /** A will that a former connection has left, and for how long it is to wait for its client. */
    private record Held(MessageId id, ClientId client, long delaySeconds) {}

    private final Vertx vertx;
    private final RedisLink link;
    private final String key;
    private final long startMillis = System.currentTimeMillis();
    private int left;
    private boolean stopped;

    FormerWills(Vertx vertx, BackendOptions options, RedisLink link) {
        this.vertx = vertx;
        this.link = link;
        this.key = Keys.heldWills(options.node());
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
            Held held = heldOrNull(id, entries.get(i + 1).toString());
            if (held == null) {
                all.add(link.send(Request.cmd(HDEL, key, id)).mapEmpty());
            } else if (MessageClock.microsOf(held.id()) < TimeUnit.MILLISECONDS.toMicros(startMillis)) {
                left++;
                all.add(leave(held));
            }
        }
        return Future.all(all).map(page.get(0).toString());
    }

    /** First the index, then the session: a client that comes back in between is seen by one of the two. */
    private Future<Void> leave(Held held) {
        long now = System.currentTimeMillis();
        String id = held.id().value();
        if (held.delaySeconds() == 0) {
            return dueAt(now, held).compose(due -> forget(id));
        }
        long due = now + TimeUnit.SECONDS.toMillis(held.delaySeconds());
        return dueAt(due, held)
                .compose(indexed -> link.send(LEAVE.call(Keys.session(held.client()), startMillis, id, due)))
                .compose(outcome -> switch (outcome == null ? 1 : outcome.toInteger()) {
                    case 0 -> withdraw(held);
                    case -1 -> dueAt(now, held);
                    default -> Future.<Void>succeededFuture();
                })
                .compose(done -> forget(id));
    }

    private Future<Void> dueAt(long millis, Held held) {
        return link.pipeline(List.of(
                        DueMessages.WILLS.endAfter(held.id(), held.delaySeconds()),
                        Request.cmd(ZADD, Keys.WILLS_DUE, millis, held.id().value())))
                .mapEmpty();
    }

    private Future<Void> withdraw(Held held) {
        return link.pipeline(List.of(
                        Request.cmd(ZREM, Keys.WILLS_DUE, held.id().value()), DueMessages.WILLS.delete(held.id())))
                .mapEmpty();
    }

    private Future<Void> forget(String id) {
        return link.send(Request.cmd(HDEL, key, id)).mapEmpty();
    }

    private static @Nullable Held heldOrNull(String id, String text) {
        int space = text.indexOf(' ');
        try {
            return new Held(
                    new MessageId(id),
                    new ClientId(text.substring(space + 1)),
                    Long.parseLong(text.substring(0, Math.max(0, space))));
        } catch (MalformedMqttException | NumberFormatException damaged) {
            log.warn("A will is not readable, forgotten [id={}]", id);
            return null;
        }
    }
}
