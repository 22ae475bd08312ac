package io.redshank.broker;

import io.netty.util.collection.IntObjectHashMap;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.events.Underway;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages sent to one client and not acknowledged, each with its packet id; there is a window of them. Confined to the
 * connection's event loop.
 */
final class SentMessages {
    private static final Logger log = LoggerFactory.getLogger(SentMessages.class);
    private static final int MAX_PACKET_ID = 65_535;

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

    /** Something underway, and its place in the order of sending. */
    record Numbered(long number, Underway underway) {}

    private final Session session;
    private final BrokerInstance instance;
    private final int maxInflight;
    private final IntObjectHashMap<InFlight> inFlight = new IntObjectHashMap<>();
    private final AckOrder ackOrder = new AckOrder();
    private boolean movedBookmarks;
    private int lastPacketId;
    private long numbers;

    /** A window of so many messages. */
    SentMessages(Session session, BrokerInstance instance, int maxInflight) {
        this.session = session;
        this.instance = instance;
        this.maxInflight = maxInflight;
    }

    /** How many there are. */
    int size() {
        return inFlight.size();
    }

    /** Whether one more may be sent. */
    boolean hasRoom() {
        return inFlight.size() < maxInflight;
    }

    /** Sends a message, unless it has expired. */
    void send(Outgoing outgoing) {
        Message message = outgoing.message();
        long now = message.properties().expirySeconds() == null ? 0 : System.currentTimeMillis();
        if (message.hasExpiredBy(now)) {
            instance.sharedMembers.settled(session, outgoing);
            return; // [MQTT-3.3.2-5]
        }
        int packetId = 0;
        if (outgoing.qos().isAcknowledged()) {
            packetId = nextPacketId();
            inFlight.put(packetId, new InFlight(outgoing, ++numbers));
            if (outgoing.logged() && instance.wantsAck(session, message.topic())) {
                ackOrder.sent(message.topic(), message.id(), numbers);
            }
        }
        session.socket().publish(outgoing, false, packetId, now);
        delivered(message);
    }

    /** Takes over the place of a message that was underway before: its bookmark does not move past it. */
    Numbered restore(Underway one) {
        numbers++;
        if (one.logged() && one.stage() != Underway.Stage.RELEASED) { // that one comes as ACKED too, if it has to
            ackOrder.sent(one.topic(), one.id(), numbers);
            if (one.stage() == Underway.Stage.ACKED) {
                forget(one);
            }
        }
        return new Numbered(numbers, one);
    }

    /** The bookmark may move past a message that was underway before. */
    void forget(Underway one) {
        if (one.logged() && ackOrder.acked(one.topic(), one.id()) != null) {
            log.debug("Bookmark moves with the next message [client={}, topic={}]", session.client(), one.topic());
        }
    }

    /** Sends again what was underway before, with its packet id: PUBLISH [MQTT-3.3.1-1], or PUBREL. */
    void sendAgain(Numbered numbered) {
        Underway one = numbered.underway();
        lastPacketId = one.packetId();
        Message body = one.body();
        Granted granted = session.grantedFor(one.topic());
        List<Integer> identifiers = granted == null ? List.of() : granted.identifiers();
        boolean released = one.stage() == Underway.Stage.RELEASED;
        Message message = released || body == null ? stubOf(one) : body;
        InFlight again = new InFlight(
                new Outgoing(message, one.qos(), identifiers, one.retain(), one.logged(), null), numbered.number());
        again.released = released;
        inFlight.put(one.packetId(), again);
        if (released) {
            session.socket().pubrel(one.packetId(), ReasonCode.SUCCESS);
        } else {
            session.socket().publish(again.outgoing, true, one.packetId(), System.currentTimeMillis());
        }
    }

    /** A released message has come to the client: only what it is called matters still. */
    private Message stubOf(Underway one) {
        return new Message(one.id(), session.client(), one.topic(), one.qos(), one.retain(), Payload.EMPTY, 0);
    }

    /** All that is underway, with what was not sent again yet, in the order it was sent first. */
    List<Underway> underway(List<Numbered> unsent) {
        List<Numbered> all = new ArrayList<>(unsent);
        inFlight.forEach((packetId, one) -> {
            boolean othersGetIt = one.outgoing.share() != null && one.outgoing.qos() == Qos.AT_LEAST_ONCE;
            if (!othersGetIt) { // those of a shared subscription that are not acknowledged go to other members
                all.add(new Numbered(one.number, underway(packetId, one)));
            }
        });
        ackOrder.ahead().forEach(one -> all.add(new Numbered(one.number(), ahead(one))));
        all.sort(Comparator.comparingLong(Numbered::number));
        return all.stream().map(Numbered::underway).toList();
    }

    private static Underway underway(int packetId, InFlight one) {
        Outgoing outgoing = one.outgoing;
        Message message = outgoing.message();
        return new Underway(
                packetId,
                one.released ? Underway.Stage.RELEASED : Underway.Stage.SENT,
                outgoing.qos(),
                outgoing.retain(),
                outgoing.logged(),
                message.topic(),
                message.id(),
                outgoing.logged() || one.released ? null : message);
    }

    private static Underway ahead(AckOrder.Ahead one) {
        return new Underway(0, Underway.Stage.ACKED, Qos.AT_LEAST_ONCE, false, true, one.topic(), one.id(), null);
    }

    /** Whether a message from a log has been sent and is not behind its bookmark. */
    boolean isUnderway(Message message) {
        return ackOrder.isUnderway(message.topic(), message.id());
    }

    /** All messages of a topic's log that were sent and are not behind its bookmark. */
    List<MessageId> underwayOf(TopicName topic) {
        return ackOrder.underway(topic);
    }

    /** Whether a bookmark has moved since the connection began, so that Redis may not know it yet. */
    boolean hasMovedBookmarks() {
        return movedBookmarks;
    }

    /**
     * What may go to another client instead, in the order it was sent. Not what was sent at QoS 2: that is completed with this
     * client, or not at all [MQTT-4.8.2-4, -5].
     */
    List<Outgoing> unacknowledged() {
        return inFlight.values().stream()
                .filter(one -> one.outgoing.qos() == Qos.AT_LEAST_ONCE)
                .sorted(Comparator.comparingLong(one -> one.number))
                .map(one -> one.outgoing)
                .toList();
    }

    /** PUBACK: the message is the client's. Answers whether there is more room. */
    boolean onPuback(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null || isOutOfPlace("PUBACK", sent.outgoing.qos() != Qos.AT_LEAST_ONCE)) {
            return false;
        }
        inFlight.remove(packetId);
        acked(sent.outgoing);
        return true;
    }

    /**
     * PUBREC: the message is the client's, and its packet id in use until PUBCOMP, unless it is refused. Answers whether there is
     * more room.
     */
    boolean onPubrec(int packetId, boolean refused) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null) {
            if (!refused) { // [MQTT-4.3.3-4]
                session.socket().pubrel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            }
            return false;
        }
        if (isOutOfPlace("PUBREC", sent.outgoing.qos() != Qos.EXACTLY_ONCE)) {
            return false;
        }
        if (!sent.released) {
            sent.released = true;
            acked(sent.outgoing);
        }
        if (refused) {
            inFlight.remove(packetId);
            return true;
        }
        session.socket().pubrel(packetId, ReasonCode.SUCCESS);
        return false;
    }

    /** PUBCOMP: the packet id is free. Answers whether there is more room. */
    boolean onPubcomp(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null || isOutOfPlace("PUBCOMP", !sent.released)) {
            return false;
        }
        inFlight.remove(packetId);
        return true;
    }

    /**
     * An acknowledgement that the message does not wait for is a protocol error. One for a packet id that is not in use is none: it
     * may be of a connection before.
     */
    private boolean isOutOfPlace(String packet, boolean outOfPlace) {
        if (outOfPlace) {
            session.disconnect(ReasonCode.PROTOCOL_ERROR, packet + " for a message that waits for another packet");
        }
        return outOfPlace;
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
        instance.sharedMembers.settled(session, outgoing);
        Message message = outgoing.message();
        if (!instance.wantsAck(session, message.topic())) {
            return;
        }
        MessageId bookmark = outgoing.logged() ? ackOrder.acked(message.topic(), message.id()) : null;
        movedBookmarks |= bookmark != null;
        instance.outbox.send(
                EventTypes.MESSAGE_ACKED,
                Concern.ACKS,
                new MessageAcked(
                        session.client(),
                        session.username(),
                        message.topic(),
                        message.id(),
                        bookmark,
                        session.hasPlaces(),
                        System.currentTimeMillis()));
    }
}
