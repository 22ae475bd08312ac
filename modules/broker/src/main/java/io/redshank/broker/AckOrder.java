package io.redshank.broker;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far one client has acknowledged each topic: the bookmark moves to the last message before which everything delivered is
 * acknowledged, never past a message that is not. Holds only what is on its way. Confined to one event loop.
 */
final class AckOrder {
    private static final class Sent {
        final MessageId id;
        final long number;
        boolean acked;

        Sent(MessageId id, long number) {
            this.id = id;
            this.number = number;
        }
    }

    /** A message that is acknowledged and not behind its topic's bookmark yet, because one before it is not acknowledged. */
    record Ahead(TopicName topic, MessageId id, long number) {}

    private final Map<TopicName, Deque<Sent>> topics = new HashMap<>();

    /** A message was sent, as the one of this number; to be called in the order of the topic's log. */
    void sent(TopicName topic, MessageId id, long number) {
        topics.computeIfAbsent(topic, absent -> new ArrayDeque<>(4)).add(new Sent(id, number));
    }

    /** Whether a message was sent and is not behind its topic's bookmark. */
    boolean isUnderway(TopicName topic, MessageId id) {
        Deque<Sent> sent = topics.get(topic);
        return sent != null && sent.stream().anyMatch(one -> one.id.equals(id));
    }

    /** All of a topic that was sent and is not behind its bookmark. */
    List<MessageId> underway(TopicName topic) {
        Deque<Sent> sent = topics.get(topic);
        return sent == null ? List.of() : sent.stream().map(one -> one.id).toList();
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

    /** All that is acknowledged and not behind its bookmark. */
    List<Ahead> ahead() {
        List<Ahead> ahead = new ArrayList<>();
        topics.forEach((topic, sent) ->
                sent.stream().filter(one -> one.acked).forEach(one -> ahead.add(new Ahead(topic, one.id, one.number))));
        return ahead;
    }
}
