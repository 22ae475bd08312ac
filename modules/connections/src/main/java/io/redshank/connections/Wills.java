package io.redshank.connections;

import static io.redshank.connections.StoredSession.WILL;
import static io.redshank.connections.StoredSession.WILL_DUE;
import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HSET;
import static io.vertx.redis.client.Command.ZADD;
import static io.vertx.redis.client.Command.ZREM;

import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.LastWill;
import io.redshank.model.MessageId;
import io.redshank.redis.DueMessages;
import io.redshank.redis.HeldWill;
import io.redshank.redis.Keys;
import io.redshank.redis.TimestampUnit;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;

/**
 * Wills that wait for the return of their clients. A will is published when it is due, by whoever sweeps what is due; here is
 * said when that is, and that it is not any more. The session's hash knows which will it has left.
 */
final class Wills {
    private static final String PURPOSE = "will";

    private final String pool;
    private final TimestampUnit unit;

    Wills(String pool, TimestampUnit unit) {
        this.pool = pool;
        this.unit = unit;
    }

    /** Writes the will of a client that has come, for the case that its node is killed. */
    void hold(ClientConnected event, EventCommands commands) {
        LastWill will = event.will();
        if (will != null) {
            MessageId id = will.message().id();
            Request write = DueMessages.WILLS.hold(will.message(), event.username(), event.node(), unit);
            commands.add(pool, PURPOSE, DueMessages.WILLS.key(id), write);
            HeldWill held = new HeldWill(id, event.client(), will.delaySeconds());
            commands.add(pool, PURPOSE, HSET, Keys.heldWills(event.node()), id.value(), held.text());
        }
    }

    /** The client has gone, and what it has left as its will is published, or left otherwise, or not wanted any more. */
    void letGo(ClientDisconnected event, EventCommands commands) {
        MessageId id = event.heldWill();
        if (id != null) {
            commands.add(pool, PURPOSE, DueMessages.WILLS.key(id), DueMessages.WILLS.delete(id));
            commands.add(pool, PURPOSE, HDEL, Keys.heldWills(event.node()), id.value());
        }
    }

    /** Writes the will of a client that has gone: due after its delay, or when the session ends, if that is sooner [MQTT-3.1.3-9]. */
    void leave(ClientDisconnected event, LastWill will, EventCommands commands) {
        long seconds = Math.min(will.delaySeconds(), event.expirySeconds());
        long due = event.millis() + TimeUnit.SECONDS.toMillis(seconds);
        String id = will.message().id().value();
        for (Request write : DueMessages.WILLS.write(will.message(), event.username(), due, unit)) {
            commands.add(pool, PURPOSE, DueMessages.WILLS.key(will.message().id()), write);
        }
        commands.add(pool, PURPOSE, ZADD, Keys.WILLS_DUE, due, id);
        commands.add(pool, PURPOSE, HSET, Keys.session(event.client()), WILL, id, WILL_DUE, due);
    }

    /** The client has come back to its session in time. */
    void cancel(StoredSession session, EventCommands commands) {
        MessageId id = session.will();
        if (id != null) {
            commands.add(pool, PURPOSE, ZREM, Keys.WILLS_DUE, id.value());
            commands.add(pool, PURPOSE, DueMessages.WILLS.key(id), DueMessages.WILLS.delete(id));
            commands.add(pool, PURPOSE, HDEL, Keys.session(session.client()), WILL, WILL_DUE);
        }
    }

    /** The session has ended before its time, so the will waits no more; unless it is being published already. */
    void dueNow(StoredSession session, long millis, EventCommands commands) {
        MessageId id = session.will();
        if (id != null) {
            Request move = DueMessages.WILLS.index().move(id.value(), session.willDueMillis(), millis);
            commands.add(pool, PURPOSE, Keys.WILLS_DUE, move);
        }
    }
}
