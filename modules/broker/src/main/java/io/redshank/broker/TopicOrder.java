package io.redshank.broker;

import io.redshank.events.MessageAccepted;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last stored message of each topic that this instance was told of, by which it notices that it was not told of one: each says
 * which one is before it in the log. Of the topics in use so many are remembered. Confined to the instance's event loop.
 */
final class TopicOrder {
    static final int MOST_TOPICS = 20_000;

    /** What a message is by the order of its topic. */
    enum Place {
        NEXT,
        /** Some are missing between the last one and this one. */
        AFTER_A_GAP,
        /** The last one again. */
        AGAIN,
        /** Before the last one: it was missing, and is late. */
        LATE,
        /** Before the first one that came here, as happens when two nodes begin at once: nobody has missed it yet. */
        EARLY
    }

    private static final class Span {
        final MessageId first;
        MessageId last;

        Span(MessageId first) {
            this.first = first;
            this.last = first;
        }
    }

    private final Map<TopicName, Span> spans;
    private @Nullable MessageId before;

    TopicOrder(int mostTopics) {
        spans = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<TopicName, Span> eldest) {
                return size() > mostTopics;
            }
        };
    }

    /** The topic's last message before the one that was noted last; null if that is not known. */
    @Nullable
    MessageId before() {
        return before;
    }

    /** The topic's last message that has come here; null if that is not known. */
    @Nullable
    MessageId last(TopicName topic) {
        Span span = spans.get(topic);
        return span == null ? null : span.last;
    }

    /** Messages of this topic do not all come here any more. */
    void forget(TopicName topic) {
        spans.remove(topic);
    }

    /** Whether some are missing between the last one and this one. */
    boolean isAhead(MessageAccepted accepted) {
        MessageId last = last(accepted.message().topic());
        MessageId previous = accepted.previous();
        return last != null
                && previous != null
                && isComparable(accepted.message().id())
                && isComparable(previous)
                && previous.isAfter(last);
    }

    /** Where a stored message stands; it is the topic's last one from now on, unless others are behind it. */
    Place note(MessageAccepted accepted) {
        MessageId id = accepted.message().id();
        TopicName topic = accepted.message().topic();
        if (!isComparable(id)) {
            return Place.NEXT;
        }
        Span span = spans.get(topic);
        before = span == null ? null : span.last;
        if (span == null) {
            spans.put(topic, new Span(id));
            return Place.NEXT;
        }
        if (id.equals(span.last)) {
            return Place.AGAIN;
        }
        if (!id.isAfter(span.last)) {
            return span.first.isAfter(id) ? Place.EARLY : Place.LATE;
        }
        boolean gap = isAhead(accepted);
        span.last = id;
        return gap ? Place.AFTER_A_GAP : Place.NEXT;
    }

    private static boolean isComparable(MessageId id) {
        return id.value().length() == MessageId.LENGTH;
    }
}
