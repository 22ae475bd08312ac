package io.redshank.messages;

import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.Script;
import io.redshank.redis.TimestampUnit;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.Collection;
import java.util.List;

/** The commands that store a message. */
final class StoreCommands {
    /** Appends to a log. */
    static final Script APPEND = Script.ofResource(StoreCommands.class, "append.lua");

    private final TimestampUnit unit;

    StoreCommands(TimestampUnit unit) {
        this.unit = unit;
    }

    /** Whether this message is put into logs and kept as latest: acknowledged, and not just the end of a retained one. */
    static boolean isStored(Message message) {
        return message.qos().isAcknowledged() && !message.deletesRetained();
    }

    Request body(Message message) {
        return hash(Keys.message(message.id()), message);
    }

    Request latest(Message message) {
        return hash(Keys.latest(message.topic()), message);
    }

    /** Ends what is kept of a message as the entry says, or earlier if its publisher wants that. */
    static Request expire(String key, HookEntry entry, Message message) {
        Long wanted = message.properties().expirySeconds();
        long seconds = wanted == null ? entry.expiredSeconds() : Math.max(1, Math.min(wanted, entry.expiredSeconds()));
        return Request.cmd(Command.EXPIRE).arg(key).arg(seconds);
    }

    /**
     * Appends ids to a topic's log.
     *
     * @param strict whether an id that is not above the log's last is refused, rather than put behind it
     */
    static Request append(TopicName topic, MessageId horizon, boolean strict, List<MessageId> ids) {
        Object[] args = new Object[ids.size() + 2];
        args[0] = horizon.value();
        args[1] = strict ? "strict" : "follow";
        for (int i = 0; i < ids.size(); i++) {
            args[i + 2] = ids.get(i).value();
        }
        return APPEND.call(Keys.log(topic), args);
    }

    /** Takes the oldest ids out of a log that has more than so many. */
    static Request trim(TopicName topic, long maxMessages) {
        return LogLimits.TRIM.call(Keys.log(topic), maxMessages, "", LogLimits.IDS_PER_STEP);
    }

    /** Notes when each topic was last appended to, for those who walk the logs. */
    static Request touch(Collection<TopicName> topics, long millis) {
        Request touch = Request.cmd(Command.ZADD).arg(Keys.LOG_INDEX);
        String now = Long.toString(millis);
        for (TopicName topic : topics) {
            touch = touch.arg(now).arg(topic.value());
        }
        return touch;
    }

    private Request hash(String key, Message message) {
        return MessageHash.addFields(Request.cmd(Command.HSET).arg(key), message, unit);
    }
}
