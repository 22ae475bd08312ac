package io.redshank.redis;

import static io.vertx.redis.client.Command.DEL;
import static io.vertx.redis.client.Command.EXPIRE;
import static io.vertx.redis.client.Command.HSET;

import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are published later. Each is a hash under its id, with the fields of {@link MessageHash} and the publisher's
 * {@code username}, and has its place in an index by the time at which it is due.
 */
public enum DueMessages {
    /** Wills with a delay; a client that comes back takes its will out. */
    WILLS(Keys.WILLS_DUE, Keys::will),
    /** What was published to {@code $delayed/…}. */
    DELAYED(Keys.DELAYED_DUE, Keys::delayed);

    /** The sweep ends a message once it is published; should the index be lost, or no node run, this does, later. */
    public static final long SPARE_SECONDS = TimeUnit.DAYS.toSeconds(7);

    private static final String USERNAME = "username";

    /** The node that holds it, while it is not known whether it is published at all. */
    public static final String NODE = "node";

    private final DueIndex index;
    private final Function<MessageId, String> key;

    DueMessages(String index, Function<MessageId, String> key) {
        this.index = new DueIndex(index);
        this.key = key;
    }

    /** Their names, which are their ids, by the time at which they are due. */
    public DueIndex index() {
        return index;
    }

    /** The key of one of them. */
    public String key(MessageId id) {
        return key.apply(id);
    }

    /** Writes one of them; it is published only once it is in the index. */
    public List<Request> write(Message message, @Nullable String username, long dueMillis, TimestampUnit unit) {
        long seconds = TimeUnit.MILLISECONDS.toSeconds(dueMillis - message.millis());
        return List.of(body(message, username, unit), endAfter(message.id(), Math.max(0, seconds)));
    }

    /** Writes one of which it is not known yet when it is due, or whether at all; the node that holds it sees to its end. */
    public Request hold(Message message, @Nullable String username, NodeName node, TimestampUnit unit) {
        return body(message, username, unit).arg(NODE).arg(node.value());
    }

    private Request body(Message message, @Nullable String username, TimestampUnit unit) {
        Request hset = MessageHash.addFields(Request.cmd(HSET).arg(key(message.id())), message, unit);
        return username == null ? hset : hset.arg(USERNAME).arg(username);
    }

    /** Ends one of them some time after it is due, in so many seconds. */
    public Request endAfter(MessageId id, long dueSeconds) {
        return Request.cmd(EXPIRE).arg(key(id)).arg(dueSeconds + SPARE_SECONDS);
    }

    /** Deletes one of them. */
    public Request delete(MessageId id) {
        return Request.cmd(DEL).arg(key(id));
    }

    /** The publisher's user name in an {@code HGETALL}; null if it had none. */
    public static @Nullable String username(Response hgetall) {
        Response name = hgetall.get(USERNAME);
        return name == null ? null : name.toString();
    }
}
