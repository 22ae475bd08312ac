package io.redshank.broker;

import io.netty.util.collection.IntObjectHashMap;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages on their way to one client: a window of those sent and not acknowledged, and a bounded queue of those that wait
 * for a place in it. QoS 0 messages do not wait: what a slow client's connection cannot take is dropped. Confined to the
 * connection's event loop.
 */
final class OutboundMessages {
    private static final Logger log = LoggerFactory.getLogger(OutboundMessages.class);
    private static final int MAX_PACKET_ID = 65_535;

    /**
     * A message for this client.
     *
     * @param identifiers of the subscriptions that it matches
     * @param retain whether it is sent as retained
     * @param logged whether it came from its topic's log, so that its acknowledgement moves a bookmark
     * @param share the shared subscription by which it came, if it did
     */
    private record Outgoing(
            Message message,
            Qos qos,
            List<Integer> identifiers,
            boolean retain,
            boolean logged,
            @Nullable TopicFilter share) {}

    /** A message sent; at QoS 2, {@code released} is set once PUBREC has come. */
    private static final class InFlight {
        final Outgoing outgoing;
        /** Rises with each message sent. */
        final long number;

        boolean released;

        InFlight(Outgoing outgoing, long number) {
            this.outgoing = outgoing;
            this.number = number;
        }
    }

    private final Session session;
    private final BrokerInstance instance;
    private final SessionLimits limits;
    private final int maxInflight;
    private final long maxPacketSize;
    private final IntObjectHashMap<InFlight> inFlight = new IntObjectHashMap<>();
    private final Deque<Outgoing> queue = new ArrayDeque<>();
    /** Who has more to send than may wait here, each with one page at a time, and one after the other. */
    private final Deque<Runnable> replays = new ArrayDeque<>();

    private boolean replaying;
    private boolean goingOn;
    private final AckOrder ackOrder = new AckOrder();
    private long queuedBytes;
    private int lastPacketId;
    private long sent;
    private long dropped;

    /** The way to a client that takes so many unacknowledged messages at once, and packets up to this size. */
    OutboundMessages(Session session, BrokerInstance instance, int clientReceiveMaximum, long maxPacketSize) {
        this.session = session;
        this.instance = instance;
        this.limits = instance.options.limits();
        this.maxInflight = Math.min(limits.maxInflight(), clientReceiveMaximum);
        this.maxPacketSize = maxPacketSize;
    }

    /** Sends a live message, or keeps it until there is room, at the lower of its own and the subscription's quality. */
    void deliver(Message message, Granted granted, boolean retain, boolean logged) {
        Outgoing outgoing = outgoing(message, granted, retain, logged);
        if (isTooLarge(outgoing)) {
            return; // [MQTT-3.1.2-25]: as if it had been delivered
        }
        if (!outgoing.qos().isAcknowledged()) {
            if (session.socket().isWritable()) {
                send(outgoing);
            } else {
                drop(message);
            }
        } else if (queue.isEmpty() && hasWindow()) {
            send(outgoing);
        } else if (hasRoom(message)) {
            enqueue(outgoing);
        } else if (!logged || !session.readsAgainFrom(message)) {
            drop(message);
        }
    }

    /** The same for a message of a shared subscription, except that others may get what has no room here; answers whether it has. */
    boolean offer(Message message, Granted granted, boolean retain) {
        Outgoing outgoing = outgoing(message, granted, retain, false);
        if (isTooLarge(outgoing)) {
            return false; // MQTT 5, 3.1.2.11.4: another one may be able to take it
        }
        if (outgoing.qos().isAcknowledged()
                ? queue.isEmpty() && hasWindow()
                : session.socket().isWritable()) {
            send(outgoing);
            return true;
        }
        boolean room = outgoing.qos().isAcknowledged() && hasRoom(message);
        if (room) {
            enqueue(outgoing);
        }
        return room;
    }

    /**
     * What came by shared subscriptions and is to go to other members now that this one goes, in order. Not what was sent at QoS 2:
     * that is completed with this client, or not at all [MQTT-4.8.2-4, -5].
     */
    Map<TopicFilter, List<Message>> unsettledShared() {
        Map<TopicFilter, List<Message>> unsettled = new HashMap<>();
        List<InFlight> sent = new ArrayList<>(inFlight.values());
        sent.sort(Comparator.comparingLong(one -> one.number));
        for (InFlight one : sent) {
            if (one.outgoing.qos() == Qos.AT_LEAST_ONCE) {
                addShared(one.outgoing, unsettled);
            }
        }
        queue.forEach(waiting -> addShared(waiting, unsettled));
        return unsettled;
    }

    private static void addShared(Outgoing outgoing, Map<TopicFilter, List<Message>> unsettled) {
        TopicFilter share = outgoing.share();
        if (share != null) {
            unsettled.computeIfAbsent(share, first -> new ArrayList<>()).add(outgoing.message());
        }
    }

    private void settled(Outgoing outgoing) {
        TopicFilter share = outgoing.share();
        if (share != null) {
            instance.sharedMembers.settled(session, share);
        }
    }

    /** Sends a message of a page that was asked for when there was room: what cannot be sent yet waits, whatever the limits. */
    void replay(Message message, Granted granted, boolean retain, boolean logged) {
        Outgoing outgoing = outgoing(message, granted, retain, logged);
        if (isTooLarge(outgoing)) {
            return;
        }
        if (queue.isEmpty() && hasWindow()) {
            send(outgoing);
        } else {
            enqueue(outgoing);
        }
    }

    /** Whether a message from a log has been sent and is not acknowledged. */
    boolean isUnderway(Message message) {
        return ackOrder.isUnderway(message.topic(), message.id());
    }

    /** Whether a page may be sent now. */
    boolean isIdle() {
        return queue.isEmpty() && hasWindow() && !replaying;
    }

    /**
     * Runs the action, once, when nothing waits for this client any more: now, or later. It asks for a page and tells by {@link
     * #replayed} when that is dealt with; no other action is run before.
     */
    void whenRoom(Runnable action) {
        replays.add(action);
        goOn();
    }

    /** The action that was run last is done. */
    void replayed() {
        replaying = false;
        goOn();
    }

    /** Sends what waits, as far as the window and the connection allow. */
    void drain() {
        while (!queue.isEmpty() && hasWindow()) {
            Outgoing next = queue.remove();
            queuedBytes -= next.message().payload().length();
            send(next);
        }
        goOn();
    }

    /** A loop and not a recursion: an action may be done at once, and there may be thousands. */
    private void goOn() {
        if (goingOn) {
            return;
        }
        goingOn = true;
        while (isIdle() && !replays.isEmpty()) {
            replaying = true;
            replays.remove().run();
        }
        goingOn = false;
    }

    private static Outgoing outgoing(Message message, Granted granted, boolean retain, boolean logged) {
        return new Outgoing(
                message,
                message.qos().atMost(granted.qos()),
                granted.identifiers(),
                retain,
                logged,
                granted.isShared() ? granted.filter() : null);
    }

    private boolean isTooLarge(Outgoing outgoing) {
        return maxPacketSize < Long.MAX_VALUE
                && ClientSocket.sizeOf(outgoing.message(), outgoing.qos(), outgoing.identifiers()) > maxPacketSize;
    }

    private void enqueue(Outgoing outgoing) {
        queue.add(outgoing);
        queuedBytes += outgoing.message().payload().length();
    }

    /** PUBACK: the message is the client's. */
    void onPuback(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent != null && sent.outgoing.qos() == Qos.AT_LEAST_ONCE) {
            inFlight.remove(packetId);
            acked(sent.outgoing);
            drain();
        }
    }

    /** PUBREC: the message is the client's, and its packet id in use until PUBCOMP. */
    void onPubrec(int packetId, boolean refused) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null || sent.outgoing.qos() != Qos.EXACTLY_ONCE) {
            session.socket().pubrel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            return;
        }
        if (!sent.released) {
            sent.released = true;
            acked(sent.outgoing);
        }
        if (refused) {
            inFlight.remove(packetId);
            drain();
        } else {
            session.socket().pubrel(packetId, ReasonCode.SUCCESS);
        }
    }

    /** PUBCOMP: the packet id is free. */
    void onPubcomp(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent != null && sent.released) {
            inFlight.remove(packetId);
            drain();
        }
    }

    private boolean hasRoom(Message message) {
        return queue.size() < limits.maxQueuedMessages()
                && queuedBytes + message.payload().length() <= limits.maxQueuedBytes();
    }

    private boolean hasWindow() {
        return inFlight.size() < maxInflight && session.socket().isWritable();
    }

    private void send(Outgoing outgoing) {
        Message message = outgoing.message();
        long now = message.properties().expirySeconds() == null ? 0 : System.currentTimeMillis();
        if (message.hasExpiredBy(now)) {
            settled(outgoing);
            return; // [MQTT-3.3.2-5]
        }
        int packetId = 0;
        if (outgoing.qos().isAcknowledged()) {
            packetId = nextPacketId();
            inFlight.put(packetId, new InFlight(outgoing, sent++));
            if (outgoing.logged() && instance.wantsAck(session, message.topic())) {
                ackOrder.sent(message.topic(), message.id());
            }
        }
        session.socket().publish(message, outgoing.qos(), outgoing.identifiers(), outgoing.retain(), packetId, now);
        delivered(message);
    }

    private int nextPacketId() {
        do {
            lastPacketId = lastPacketId == MAX_PACKET_ID ? 1 : lastPacketId + 1;
        } while (inFlight.containsKey(lastPacketId)); // ends: the window is smaller than the number of ids
        return lastPacketId;
    }

    private void delivered(Message message) {
        if (Interest.in(instance.options.interest().delivered(), message.topic())) {
            instance.outbox.send(
                    EventTypes.MESSAGE_DELIVERED,
                    Concern.ACKS,
                    new MessageDelivered(
                            session.client(),
                            session.username(),
                            message.topic(),
                            message.id(),
                            System.currentTimeMillis()));
        }
    }

    private void acked(Outgoing outgoing) {
        settled(outgoing);
        Message message = outgoing.message();
        if (!instance.wantsAck(session, message.topic())) {
            return;
        }
        MessageId bookmark = outgoing.logged() ? ackOrder.acked(message.topic(), message.id()) : null;
        instance.outbox.send(
                EventTypes.MESSAGE_ACKED,
                Concern.ACKS,
                new MessageAcked(
                        session.client(),
                        session.username(),
                        message.topic(),
                        message.id(),
                        bookmark,
                        session.persists(),
                        System.currentTimeMillis()));
    }

    private void drop(Message message) {
        if (dropped++ == 0) {
            log.warn(
                    "Client takes messages too slowly, dropping some [client={}, topic={}, waiting={}]",
                    session.client(),
                    message.topic(),
                    queue.size());
        }
    }

    /** How many messages were dropped because the client did not take them. */
    long dropped() {
        return dropped;
    }
}
