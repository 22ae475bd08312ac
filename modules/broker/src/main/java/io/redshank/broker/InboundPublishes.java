package io.redshank.broker;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.Received;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.vertx.core.Future;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that one client publishes: each acknowledged once it is stored, in the order they came [MQTT-4.6.0-2, -3]. What
 * is not acknowledged yet is bounded: an MQTT 5 client was told how much it may send, and from an older one nothing more is read
 * until some of it is acknowledged. Confined to the connection's event loop.
 */
final class InboundPublishes {
    private static final Logger log = LoggerFactory.getLogger(InboundPublishes.class);
    /** Payload bytes that may await their acknowledgement before nothing more is read. */
    private static final long MAX_PENDING_BYTES = 4 << 20;

    /** A message whose acknowledgement is due, in its turn. */
    private static final class Pending {
        final int packetId;
        final Qos qos;
        final int bytes;

        @Nullable
        ReasonCode outcome;

        @Nullable
        String why;

        Pending(int packetId, Qos qos, int bytes) {
            this.packetId = packetId;
            this.qos = qos;
            this.bytes = bytes;
        }
    }

    private final Session session;
    private final Publications publications;
    private final PublishReader reader;
    private final PublishRate rate;
    private final int receiveMaximum;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final ReceivedAtQos2 unreleased;

    private int pendingAtQos1;
    private long pendingBytes;

    InboundPublishes(Session session, Publications publications, BrokerInstance instance) {
        this.session = session;
        this.unreleased = new ReceivedAtQos2(instance.vertx);
        this.publications = publications;
        this.reader = new PublishReader(session, instance);
        this.rate = new PublishRate(session.limits().inbound(), System.nanoTime());
        this.receiveMaximum = session.limits().inbound().receiveMaximum();
    }

    /** The packet ids of the QoS 2 messages that the client has not released. */
    ReceivedAtQos2 unreleased() {
        return unreleased;
    }

    void onPublish(MqttPublishMessage packet) {
        Qos qos = Qos.of(packet.qosLevel().value());
        if (qos == Qos.EXACTLY_ONCE && unreleased.contains(packet.messageId())) {
            onAgain(packet);
            return;
        }
        if (session.socket().speaksMqtt5()
                && qos.isAcknowledged()
                && unanswered() >= receiveMaximum) { // [MQTT-3.3.4-9]
            session.disconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, "more unacknowledged messages than allowed");
            return;
        }
        try {
            Message message = reader.read(packet, qos);
            if (qos.isAcknowledged()) {
                store(
                        packet.messageId(),
                        message,
                        new Publications.Sent(session.username(), receiptOf(packet, qos), false));
            } else {
                publications.publishAtMostOnce(message, session.username());
            }
        } catch (RefusedPublishException refused) {
            refuse(packet.messageId(), qos, refused);
        }
        slowDown(packet.payload().length());
    }

    /** The packet id that Redis is to remember with the message; 0 if it is not. */
    private int receiptOf(MqttPublishMessage packet, Qos qos) {
        return qos == Qos.EXACTLY_ONCE && session.persists() ? packet.messageId() : 0;
    }

    /** The same message again [MQTT-4.3.3-10]. If it came to a node that was killed, it may not be stored as it should be. */
    private void onAgain(MqttPublishMessage packet) {
        int packetId = packet.messageId();
        Received earlier = unreleased.takeUnfinished(packetId, packet.isRetain());
        MessageId id = earlier == null ? null : earlier.id();
        if (earlier == null || id == null) {
            answerAgain(packetId);
            return;
        }
        try {
            Message message = reader.read(packet, Qos.EXACTLY_ONCE).withId(id);
            if (earlier.stored()) {
                settle(inTurn(packetId, message), publications.retainAgain(message, session.username()), message);
            } else {
                store(packetId, message, new Publications.Sent(session.username(), packetId, true));
            }
        } catch (RefusedPublishException refused) {
            refuse(packetId, Qos.EXACTLY_ONCE, refused);
        }
    }

    /** Says no in the message's acknowledgement, where there is one that can. */
    private void refuse(int packetId, Qos qos, RefusedPublishException refused) {
        boolean ackCanSayNo = qos.isAcknowledged() && session.socket().speaksMqtt5();
        if (refused.endsConnection(ackCanSayNo)) {
            session.disconnect(refused.reason(), refused.getMessage());
            return;
        }
        log.debug("PUBLISH refused [client={}, cause={}]", session.client(), refused.getMessage());
        if (qos.isAcknowledged()) {
            settle(inTurn(packetId, qos, 0), ackCanSayNo ? refused.reason() : ReasonCode.SUCCESS, refused.getMessage());
        }
    }

    /** Reads nothing from a client that publishes faster than it may, until it is even again. */
    private void slowDown(int payloadBytes) {
        if (!rate.isLimited() || session.isEnded()) {
            return;
        }
        long millis = rate.take(payloadBytes, System.nanoTime());
        Intake intake = session.socket().intake();
        if (millis > 0 && !intake.isStoppedFor(Intake.Reason.TOO_FAST)) {
            intake.stop(Intake.Reason.TOO_FAST);
            session.later(millis, () -> intake.resume(Intake.Reason.TOO_FAST));
        }
    }

    /** How much of its receive maximum the client uses: what waits for PUBACK, and what waits for PUBREL. */
    private int unanswered() {
        return pendingAtQos1 + unreleased.count();
    }

    /** PUBREL: the packet id is free again. */
    void onPubrel(int packetId) {
        boolean known = unreleased.release(packetId);
        if (!known || !session.persists()) {
            session.socket().pubcomp(packetId, known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
            return;
        }
        publications.forget(session.client(), packetId).onComplete(forgotten -> {
            if (!session.isEnded()) {
                session.socket().pubcomp(packetId, ReasonCode.SUCCESS);
            }
        });
    }

    /** A place among the acknowledgements that are due. */
    private Pending inTurn(int packetId, Message message) {
        return inTurn(packetId, message.qos(), message.payload().length());
    }

    private Pending inTurn(int packetId, Qos qos, int bytes) {
        Pending waiting = new Pending(packetId, qos, bytes);
        pending.add(waiting);
        pendingBytes += waiting.bytes;
        if (qos == Qos.EXACTLY_ONCE) {
            unreleased.add(packetId);
        } else {
            pendingAtQos1++;
        }
        return waiting;
    }

    private void store(int packetId, Message message, Publications.Sent sent) {
        settle(inTurn(packetId, message), publications.publishStored(message, sent), message);
    }

    private void settle(Pending waiting, Future<MessageId> stored, Message message) {
        adjustReading();
        stored.onSuccess(id -> settle(waiting, ReasonCode.SUCCESS, null))
                .onFailure(failure -> onNotStored(waiting, message, failure));
    }

    private void onNotStored(Pending waiting, Message message, Throwable failure) {
        if (session.isEnded()) {
            settle(waiting, ReasonCode.UNSPECIFIED_ERROR, null);
            return;
        }
        log.warn(
                "PUBLISH not stored [client={}, topic={}, cause={}]",
                session.client(),
                message.topic(),
                failure.getMessage());
        settle(waiting, reasonFor(failure), failure.getMessage());
    }

    private static ReasonCode reasonFor(Throwable failure) {
        EventFailure kind = failure instanceof EventFailedException known ? known.failure() : EventFailure.REFUSED;
        return switch (kind) {
            case UNAVAILABLE -> ReasonCode.UNSPECIFIED_ERROR;
            case FULL -> ReasonCode.QUOTA_EXCEEDED;
            case REFUSED, TAKEN -> ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR;
        };
    }

    /** Acknowledges this message and those behind it that were only waiting for it. */
    private void settle(Pending settled, ReasonCode outcome, @Nullable String why) {
        settled.outcome = outcome;
        settled.why = why;
        if (settled.qos == Qos.EXACTLY_ONCE) {
            unreleased.settle(settled.packetId, outcome == ReasonCode.SUCCESS);
        }
        for (Pending head = pending.peek(); head != null && head.outcome != null; head = pending.peek()) {
            pending.remove();
            pendingBytes -= head.bytes;
            pendingAtQos1 -= head.qos == Qos.AT_LEAST_ONCE ? 1 : 0;
            if (!session.isEnded()) {
                acknowledge(head, head.outcome);
            }
        }
        adjustReading();
    }

    private void acknowledge(Pending head, ReasonCode outcome) {
        if (outcome != ReasonCode.SUCCESS) {
            if (!session.socket().speaksMqtt5()) {
                // MQTT 3 has no word for "not stored": the client sends it again on its next connection
                session.disconnect(outcome, "a message could not be stored");
                return;
            }
        }
        if (head.qos == Qos.AT_LEAST_ONCE) {
            session.socket().puback(head.packetId, outcome, head.why);
        } else {
            session.socket().pubrec(head.packetId, outcome, head.why);
        }
    }

    private void answerAgain(int packetId) {
        boolean inTurn = pending.stream().anyMatch(waiting -> waiting.packetId == packetId);
        if (!inTurn) {
            session.socket().pubrec(packetId, ReasonCode.SUCCESS, null);
        }
    }

    private void adjustReading() {
        Intake intake = session.socket().intake();
        int unbounded =
                session.socket().speaksMqtt5() ? 0 : pending.size(); // an MQTT 5 client keeps the bound by itself
        if (unbounded >= receiveMaximum || pendingBytes >= MAX_PENDING_BYTES) {
            intake.stop(Intake.Reason.UNSTORED);
        } else if (unbounded <= receiveMaximum / 2 && pendingBytes <= MAX_PENDING_BYTES / 2) {
            intake.resume(Intake.Reason.UNSTORED);
        }
    }
}
