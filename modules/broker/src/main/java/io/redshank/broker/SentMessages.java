package io.redshank.broker;

import io.netty.util.collection.IntObjectHashMap;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages sent to one client and not acknowledged, each with its packet id; there is a window of them. Confined to the
 * connection's event loop.
 */
final class SentMessages {
    private static final Logger log = LoggerFactory.getLogger(SentMessages.class);
    private static final int MAX_PACKET_ID = 65_535;

    private final Session session;
    private final BrokerInstance instance;
    private final int maxInflight;
    private final IntObjectHashMap<InFlight> inFlight = new IntObjectHashMap<>();
    private final Exchanges exchanges;
    private final Departures departures;
    private final AckOrder ackOrder;
    /** What the client had acknowledged before this connection, and bookmarks may not be past yet. */
    private final Set<MessageId> acknowledgedBefore = new HashSet<>();

    private boolean movedBookmarks;
    private int lastPacketId;
    /** Starts above those of connections before, whose records may be on their way to be deleted. */
    private long numbers = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());

    /** A window of so many messages. */
    SentMessages(Session session, BrokerInstance instance, int maxInflight) {
        this.session = session;
        this.instance = instance;
        this.maxInflight = maxInflight;
        this.exchanges = new Exchanges(session, instance);
        this.departures = new Departures(session);
        this.ackOrder = new AckOrder(exchanges::passed);
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
        if (outgoing.qos().isAcknowledged()) {
            int packetId = nextPacketId();
            InFlight sent = new InFlight(outgoing, ++numbers);
            inFlight.put(packetId, sent);
            boolean movesBookmark = outgoing.logged() && instance.wantsAck(session, message.topic());
            if (movesBookmark) {
                ackOrder.sent(message.topic(), message.id(), numbers);
            }
            Future<Answer> allowed = begin(sent, packetId, movesBookmark);
            departures.send(outgoing, packetId, now, allowed);
            instance.sharedMembers.beginning(session, outgoing, allowed);
        } else {
            session.socket().publish(outgoing, false, 0, now);
        }
        delivered(message);
    }

    /** What the last step to the socket has to wait for; null if for nothing. */
    private @Nullable Future<Answer> begin(InFlight sent, int packetId, boolean movesBookmark) {
        Assignment share = sent.outgoing.share();
        if (share != null && share.isKept() && sent.outgoing.qos() == Qos.EXACTLY_ONCE) {
            sent.unclaimed = true;
            return exchanges
                    .claim(sent.underway(packetId), share)
                    .onSuccess(own -> sent.unclaimed = false)
                    .onFailure(failure -> onNotClaimed(sent, packetId, failure));
        }
        return exchanges.include(sent.outgoing.qos()) ? exchanges.begin(sent.underway(packetId), movesBookmark) : null;
    }

    /** The message is not this client's: it is as if it had not been assigned to it. */
    private void onNotClaimed(InFlight sent, int packetId, Throwable failure) {
        if (inFlight.get(packetId) == sent) {
            inFlight.remove(packetId);
        }
        instance.sharedMembers.notClaimed(session, sent.outgoing, failure);
        if (!session.isEnded()) {
            session.outbound().drain();
        }
    }

    /**
     * Takes over the place of a message that was underway before: its bookmark does not move past it.
     *
     * @param over whether its packet id has been used for another one since, so that the client has completed it
     */
    void restore(Underway one, boolean over) {
        numbers = Math.max(numbers, one.number());
        if (one.logged()) {
            ackOrder.sent(one.topic(), one.id(), one.number());
        }
        if (exchanges.include(one.qos())) {
            exchanges.resume(one, over);
        }
        if (over || one.stage() != Underway.Stage.SENT) {
            passAgain(one);
        }
    }

    /** A message that was underway before cannot be sent again, for there is none any more; PUBREL frees its packet id. */
    Underway giveUp(Underway one) {
        Underway released = new Underway(
                one.number(),
                one.packetId(),
                Underway.Stage.RELEASED,
                one.qos(),
                one.retain(),
                one.logged(),
                one.topic(),
                one.id(),
                null);
        if (exchanges.isOpen(one.number())) {
            exchanges.release(released).onFailure(never -> log.debug("Not noted [client={}]", session.client()));
        }
        passAgain(released);
        return released;
    }

    /** What the client has acknowledged before: Redis may know that already, and be further on. */
    private void passAgain(Underway one) {
        if (!one.logged()) {
            return;
        }
        acknowledgedBefore.add(one.id());
        MessageId bookmark = ackOrder.acked(one.topic(), one.id());
        if (bookmark != null || one.qos() == Qos.EXACTLY_ONCE) {
            tell(ackedEvent(one.topic(), one.id(), bookmark, true));
        }
    }

    /** Sends again what was underway before, with its packet id: PUBLISH [MQTT-3.3.1-1], or PUBREL. */
    void sendAgain(Underway one) {
        lastPacketId = one.packetId();
        Message body = one.body();
        Granted granted = session.grantedFor(one.topic());
        List<Integer> identifiers = granted == null ? List.of() : granted.identifiers();
        boolean released = one.stage() == Underway.Stage.RELEASED;
        Message message = released || body == null ? stubOf(one) : body;
        InFlight again = new InFlight(
                new Outgoing(message, one.qos(), identifiers, one.retain(), one.logged(), null), one.number());
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
    List<Underway> underway(List<Underway> unsent) {
        List<Underway> all = new ArrayList<>(unsent);
        inFlight.forEach((packetId, one) -> {
            boolean othersGetIt = one.outgoing.share() != null && one.outgoing.qos() == Qos.AT_LEAST_ONCE;
            if (!othersGetIt
                    && !one.unclaimed) { // those of a shared subscription that are not acknowledged go to other members
                all.add(one.underway(packetId));
            }
        });
        ackOrder.ahead().forEach(one -> {
            if (!exchanges.isOpen(one.number())) { // else that says so
                all.add(ahead(one));
            }
        });
        all.sort(Comparator.comparingLong(Underway::number));
        return all;
    }

    private static Underway ahead(AckOrder.Ahead one) {
        return new Underway(
                one.number(), 0, Underway.Stage.ACKED, Qos.AT_LEAST_ONCE, false, true, one.topic(), one.id(), null);
    }

    /** Whether a message from a log has been sent and is not behind its bookmark. */
    boolean isUnderway(Message message) {
        return acknowledgedBefore.contains(message.id()) || ackOrder.isUnderway(message.topic(), message.id());
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
                .sorted(Comparator.comparingLong((InFlight one) -> one.number))
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
            if (exchanges.isOpen(sent.number)) {
                sent.releaseNoted = exchanges.release(sent.underway(packetId));
            }
        }
        if (refused) {
            inFlight.remove(packetId);
            exchanges.complete(sent.number);
            return true;
        }
        pubrel(packetId, sent);
        return false;
    }

    private void pubrel(int packetId, InFlight sent) {
        Future<?> noted = sent.releaseNoted;
        if (noted == null) {
            session.socket().pubrel(packetId, ReasonCode.SUCCESS);
            return;
        }
        noted.onComplete(written -> {
            if (!session.isEnded()) {
                session.socket().pubrel(packetId, ReasonCode.SUCCESS);
            }
        });
    }

    /** PUBCOMP: the packet id is free. Answers whether there is more room. */
    boolean onPubcomp(int packetId) {
        InFlight sent = inFlight.get(packetId);
        if (sent == null || isOutOfPlace("PUBCOMP", !sent.released)) {
            return false;
        }
        inFlight.remove(packetId);
        exchanges.complete(sent.number);
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
        boolean wanted = Interest.in(instance.options.interest().delivered(), message.topic());
        if (wanted || instance.broadcasts.isHeard(EventTypes.MESSAGE_DELIVERED)) {
            MessageDelivered event = new MessageDelivered(
                    session.client(), session.username(), message.topic(), message.id(), System.currentTimeMillis());
            instance.broadcasts.send(EventTypes.MESSAGE_DELIVERED, event);
            if (wanted) {
                instance.outbox.send(EventTypes.MESSAGE_DELIVERED, Concern.ACKS, event);
            }
        }
    }

    private void acked(Outgoing outgoing) {
        instance.sharedMembers.settled(session, outgoing);
        Message message = outgoing.message();
        boolean wanted = instance.wantsAck(session, message.topic());
        if (!wanted && !instance.broadcasts.isHeard(EventTypes.MESSAGE_ACKED)) {
            return;
        }
        MessageId bookmark = wanted && outgoing.logged() ? ackOrder.acked(message.topic(), message.id()) : null;
        MessageAcked event = ackedEvent(message.topic(), message.id(), bookmark, false);
        instance.broadcasts.send(EventTypes.MESSAGE_ACKED, event);
        if (wanted) {
            tell(event);
        }
    }

    private void tell(MessageAcked event) {
        movedBookmarks |= event.bookmark() != null;
        instance.outbox.send(EventTypes.MESSAGE_ACKED, Concern.ACKS, event);
    }

    private MessageAcked ackedEvent(TopicName topic, MessageId id, @Nullable MessageId bookmark, boolean again) {
        return new MessageAcked(
                session.client(),
                session.username(),
                topic,
                id,
                bookmark,
                session.hasPlaces(),
                System.currentTimeMillis(),
                again);
    }
}
