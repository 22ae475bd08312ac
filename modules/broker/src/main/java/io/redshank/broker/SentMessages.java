package io.redshank.broker;

import io.netty.util.collection.IntObjectHashMap;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;

/**
 * The messages sent to one client and not acknowledged, each with its packet id; there is a window of them. Confined to the
 * connection's event loop.
 */
final class SentMessages {
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

    private final Session session;
    private final BrokerInstance instance;
    private final int maxInflight;
    private final IntObjectHashMap<InFlight> inFlight = new IntObjectHashMap<>();
    private final AckOrder ackOrder = new AckOrder();
    private int lastPacketId;
    private long numbers;

    /** A window of so many messages. */
    SentMessages(Session session, BrokerInstance instance, int maxInflight) {
        this.session = session;
        this.instance = instance;
        this.maxInflight = maxInflight;
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
            return; // [MQTT-3.3.2-5]
        }
        int packetId = 0;
        if (outgoing.qos().isAcknowledged()) {
            packetId = nextPacketId();
            inFlight.put(packetId, new InFlight(outgoing, numbers++));
            if (outgoing.logged() && instance.wantsAck(session, message.topic())) {
                ackOrder.sent(message.topic(), message.id());
            }
        }
        session.socket().publish(message, outgoing.qos(), outgoing.identifiers(), outgoing.retain(), packetId, now);
        delivered(message);
    }

    /** Whether a message from a log has been sent and is not acknowledged. */
    boolean isUnderway(Message message) {
        return ackOrder.isUnderway(message.topic(), message.id());
    }

    /** PUBACK: the message is the client's. Answers whether there is more room. */
    boolean onPuback(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null || sent.outgoing.qos() != Qos.AT_LEAST_ONCE) {
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
        if (sent == null || sent.outgoing.qos() != Qos.EXACTLY_ONCE) {
            session.socket().pubrel(packetId, ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
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
        if (sent == null || !sent.released) {
            return false;
        }
        inFlight.remove(packetId);
        return true;
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
}
