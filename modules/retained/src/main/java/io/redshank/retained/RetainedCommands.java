package io.redshank.retained;

import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.redshank.redis.Script;
import io.redshank.redis.TimestampUnit;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * The commands of a write. Each may run twice. The index follows the key in such an order that a crash in between leaves an entry
 * without a message, which look-ups drop, and not a message that they do not find.
 */
final class RetainedCommands {
    static final Script STORE = Script.ofResource(RetainedCommands.class, "retain-store.lua");
    static final Script DELETE = Script.ofResource(RetainedCommands.class, "retain-delete.lua");

    private final TimestampUnit unit;
    /** Asked only for its horizon: ids beyond it are of our form by chance, and say nothing about time. */
    private final MessageClock clock = MessageClock.system("retained");

    RetainedCommands(TimestampUnit unit) {
        this.unit = unit;
    }

    /** The message, and then its topic's place in the index. */
    List<Request> store(Message message) {
        Request store = STORE.call(Keys.retained(message.topic()), ours(message), clock.horizon(), millisLeft(message));
        byte[] member = RetainedMember.of(message.topic());
        return List.of(MessageHash.addFields(store, message, unit), RetainedIndex.indexed(List.of(member)));
    }

    /**
     * No message, then no place in the index, and then the question whether somebody has stored a message in between: the asker
     * puts its topic back into the index.
     */
    List<Request> delete(Message message) {
        String key = Keys.retained(message.topic());
        return List.of(
                DELETE.call(key, ours(message), clock.horizon(), message.id()),
                RetainedIndex.unindexed(RetainedMember.of(message.topic())),
                exists(key));
    }

    /** Deletes a body, but not a log that happens to have the same key. */
    static Request deleteBody(MessageId id) {
        return DELETE.call(Keys.message(id), 0, "", id);
    }

    static Request exists(String key) {
        return Request.cmd(Command.EXISTS).arg(key);
    }

    /** How long the message is to be kept; 0: until it is replaced or deleted. */
    private static long millisLeft(Message message) {
        Long expiry = message.properties().expirySeconds();
        return expiry == null ? 0 : Math.max(1, message.millis() + expiry * 1000 - System.currentTimeMillis());
    }

    private static int ours(Message message) {
        return MessageClock.microsOf(message.id()) >= 0 ? 1 : 0;
    }
}
