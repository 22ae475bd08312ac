package io.redshank.redis;

import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.ZADD;
import static io.vertx.redis.client.Command.ZREM;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A will that a node holds for a client that is connected to it, and for how many seconds it is to wait for that client; see {@link
 * Keys#heldWills}.
 */
public record HeldWill(MessageId id, ClientId client, long delaySeconds) {
    /**
     * Leaves will ARGV[2] of node ARGV[4], due at ARGV[3], to the session of a client that has come back neither to that node since
     * ARGV[1] nor to another one: 1; if it has, 0; if there is no session that could wait for it, -1.
     */
    private static final Script LEAVE = new Script("held-will-left", """
            local session = redis.call('HMGET', KEYS[1], 'created_at', 'connected', 'node')
            if not session[1] then
              return -1
            end
            if tonumber(session[2] or '0') >= tonumber(ARGV[1]) or (session[3] or ARGV[4]) ~= ARGV[4] then
              return 0
            end
            redis.call('HSET', KEYS[1], 'will', ARGV[2], 'will_due', ARGV[3])
            return 1
            """);

    /** What a link has to have loaded for this. */
    public static final List<Script> SCRIPTS = List.of(LEAVE);

    private static final char SEPARATOR = ' ';

    /** As it is written under its id. */
    public String text() {
        return delaySeconds + String.valueOf(SEPARATOR) + client.value();
    }

    /** What is written under this id; null if it is not readable. */
    public static @Nullable HeldWill read(String id, String text) {
        int space = text.indexOf(SEPARATOR);
        try {
            return new HeldWill(
                    new MessageId(id),
                    new ClientId(text.substring(space + 1)),
                    Long.parseLong(text.substring(0, Math.max(0, space))));
        } catch (MalformedMqttException | NumberFormatException damaged) {
            return null;
        }
    }

    /**
     * Has it published: now, or after its delay if the client does not come back by then. For a node that does not hold it any more,
     * but has not said so; with the time since when that node has held others. May be broken off and done again.
     */
    public Future<Void> leave(RedisLink link, NodeName node, long sinceMillis) {
        // First the index, then the session: a client that comes back in between is seen by one of the two.
        long now = System.currentTimeMillis();
        if (delaySeconds == 0) {
            return dueAt(link, now).compose(due -> forget(link, node));
        }
        long due = now + TimeUnit.SECONDS.toMillis(delaySeconds);
        return dueAt(link, due)
                .compose(indexed ->
                        link.send(LEAVE.call(Keys.session(client), sinceMillis, id.value(), due, node.value())))
                .compose(outcome -> switch (outcome == null ? 1 : outcome.toInteger()) {
                    case 0 -> withdraw(link);
                    case -1 -> dueAt(link, now);
                    default -> Future.<Void>succeededFuture();
                })
                .compose(done -> forget(link, node));
    }

    private Future<Void> dueAt(RedisLink link, long millis) {
        return link.pipeline(List.of(
                        DueMessages.WILLS.endAfter(id, delaySeconds),
                        Request.cmd(ZADD, Keys.WILLS_DUE, millis, id.value())))
                .mapEmpty();
    }

    private Future<Void> withdraw(RedisLink link) {
        return link.pipeline(List.of(Request.cmd(ZREM, Keys.WILLS_DUE, id.value()), DueMessages.WILLS.delete(id)))
                .mapEmpty();
    }

    private Future<Void> forget(RedisLink link, NodeName node) {
        return link.send(Request.cmd(HDEL, Keys.heldWills(node), id.value())).mapEmpty();
    }
}
