package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a shared subscription that is kept has dealt out and is not behind its bookmarks: whose each message is, and which are settled.
 * A bookmark moves to the last message before which all are. Confined to the owner's event loop.
 */
final class GroupOrder {
    /** Whose a message is. */
    record Holder(ClientId client, long epoch, NodeName node) {
        static Holder of(SharedMember member) {
            return new Holder(member.client(), member.epoch(), member.instance().node());
        }

        boolean is(ClientId other, long otherEpoch) {
            return epoch == otherEpoch && client.equals(other);
        }
    }

    /** How far a bookmark has moved, and the messages at QoS 2 that it is past. */
    record Moved(MessageId bookmark, List<MessageId> given) {}

    private static final class Dealt {
        final TopicName topic;
        final boolean atQos2;
        /** Null once it is settled. */
        @Nullable
        Message message;

        @Nullable
        Holder holder;

        int refusals;

        Dealt(TopicName topic, boolean atQos2, @Nullable Message message) {
            this.topic = topic;
            this.atQos2 = atQos2;
            this.message = message;
        }
    }

    private final Map<TopicName, Map<MessageId, Dealt>> topics = new HashMap<>();
    private final Map<MessageId, Dealt> all = new HashMap<>();
    private Map<TopicName, Moved> moved = new LinkedHashMap<>();

    /** How many there are, settled or not. */
    int size() {
        return all.size();
    }

    boolean has(MessageId id) {
        return all.containsKey(id);
    }

    /** The next message of its topic's log, which is nobody's yet. */
    void add(Message message) {
        put(message.id(), new Dealt(message.topic(), message.qos() == Qos.EXACTLY_ONCE, message));
    }

    /** The next message of its topic's log has been settled before. */
    void addSettled(Message message) {
        put(message.id(), new Dealt(message.topic(), message.qos() == Qos.EXACTLY_ONCE, null));
        advance(message.topic());
    }

    private void put(MessageId id, Dealt dealt) {
        topics.computeIfAbsent(dealt.topic, first -> new LinkedHashMap<>()).put(id, dealt);
        all.put(id, dealt);
    }

    /** The message is this member's. */
    void give(MessageId id, Holder holder) {
        Dealt dealt = all.get(id);
        if (dealt != null && dealt.message != null) {
            dealt.holder = holder;
        }
    }

    /** The member that it was given to cannot take it. */
    void refused(MessageId id) {
        Dealt dealt = all.get(id);
        if (dealt != null) {
            dealt.holder = null;
            dealt.refusals++;
        }
    }

    /** How often the message could not be taken, or came back. */
    int refusals(MessageId id) {
        Dealt dealt = all.get(id);
        return dealt == null ? 0 : dealt.refusals;
    }

    /** The message is nobody's any more; null if it was not this member's. */
    @Nullable
    Message takeBack(MessageId id, ClientId client, long epoch) {
        Dealt dealt = all.get(id);
        if (dealt == null || dealt.holder == null || !dealt.holder.is(client, epoch)) {
            return null;
        }
        refused(id);
        return dealt.message;
    }

    /** What members on these nodes had is nobody's any more. */
    List<Message> takeBack(Predicate<NodeName> nodes) {
        List<Message> taken = new ArrayList<>();
        for (Map<MessageId, Dealt> topic : topics.values()) {
            for (Dealt dealt : topic.values()) {
                if (dealt.message != null && dealt.holder != null && nodes.test(dealt.holder.node())) {
                    dealt.holder = null;
                    taken.add(dealt.message);
                }
            }
        }
        return taken;
    }

    /** The member is done with the message, which then need not be dealt out again. Answers whether it was this member's. */
    @CanIgnoreReturnValue
    boolean settle(MessageId id, ClientId client, long epoch) {
        Dealt dealt = all.get(id);
        if (dealt == null || dealt.holder == null || !dealt.holder.is(client, epoch)) {
            return false;
        }
        dealt.message = null;
        dealt.holder = null;
        advance(dealt.topic);
        return true;
    }

    private void advance(TopicName topic) {
        Map<MessageId, Dealt> dealt = topics.getOrDefault(topic, Map.of());
        for (Iterator<Map.Entry<MessageId, Dealt>> inOrder = dealt.entrySet().iterator(); inOrder.hasNext(); ) {
            Map.Entry<MessageId, Dealt> first = inOrder.next();
            if (first.getValue().message != null) {
                return;
            }
            inOrder.remove();
            all.remove(first.getKey());
            Moved before = moved.get(topic);
            List<MessageId> given = before == null ? new ArrayList<>() : before.given();
            if (first.getValue().atQos2) {
                given.add(first.getKey());
            }
            moved.put(topic, new Moved(first.getKey(), given));
        }
        topics.remove(topic);
    }

    /** The bookmarks that have moved since this was asked last. */
    Map<TopicName, Moved> takeMoved() {
        if (moved.isEmpty()) {
            return Map.of();
        }
        Map<TopicName, Moved> since = moved;
        moved = new LinkedHashMap<>();
        return since;
    }

    /** Up to when all is behind its bookmark that was stored up to this time, in milliseconds since 1970. */
    long settledUpTo(long millis) {
        long upTo = millis;
        for (Map<MessageId, Dealt> topic : topics.values()) {
            long micros = MessageClock.microsOf(topic.keySet().iterator().next());
            upTo = micros < 0 ? upTo : Math.min(upTo, micros / 1000);
        }
        return upTo;
    }

    /** What members have at QoS 1 and what is settled ahead of bookmarks, for another order of the same subscription. */
    void tell(Told told) {
        all.forEach((id, dealt) -> {
            if (dealt.message == null) {
                told.settled(id);
            } else if (dealt.holder != null && !dealt.atQos2) {
                told.holds(id, dealt.holder);
            }
        });
    }
}
