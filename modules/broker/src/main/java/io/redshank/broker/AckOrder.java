package io.redshank.broker;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one client has acknowledged each topic: the bookmark moves to the last message before which everything delivered is
 * acknowledged, never past a message that is not. Holds only what is on its way. Confined to one event loop.
 */
final class AckOrder {
    private static final class Sent {
        final MessageId id;
        boolean acked;

        Sent(MessageId id) {
            this.id = id;
        }
    }

    private final Map<TopicName, Deque<Sent>> topics = new HashMap<>();

    /** A message was sent; to be called in the order of the topic's log. */
    void sent(TopicName topic, MessageId id) {
        topics.computeIfAbsent(topic, absent -> new ArrayDeque<>(4)).add(new Sent(id));
    }

    /** Whether a message was sent and is not acknowledged. */
    boolean isUnderway(TopicName topic, MessageId id) {
        Deque<Sent> sent = topics.get(topic);
        return sent != null && sent.stream().anyMatch(one -> !one.acked && one.id.equals(id));
    }

    /** A message was acknowledged; answers the topic's new bookmark, or null if it does not move. */
    @Nullable
    MessageId acked(TopicName topic, MessageId id) {
        Deque<Sent> sent = topics.get(topic);
        if (sent == null) {
            return null;
        }
        for (Sent one : sent) {
            if (!one.acked && one.id.equals(id)) {
                one.acked = true;
                break;
            }
        }
        MessageId bookmark = null;
        for (Sent head = sent.peek(); head != null && head.acked; head = sent.peek()) {
            bookmark = head.id;
            sent.remove();
        }
        if (sent.isEmpty()) {
            topics.remove(topic);
        }
        return bookmark;
    }
}
