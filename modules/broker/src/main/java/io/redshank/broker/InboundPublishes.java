package io.redshank.broker;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

    private static final long STORED_WITHIN_MILLIS = 10_000;

    /** A message whose acknowledgement is due, in its turn. */
    private static final class Pending {
        final int packetId;
        final Qos qos;
        final int bytes;

        @Nullable
        ReasonCode outcome;

        Pending(int packetId, Qos qos, int bytes) {
            this.packetId = packetId;
            this.qos = qos;
            this.bytes = bytes;
        }
    }

    private final Session session;
    private final Publications publications;
    private final BrokerInstance instance;
    private final int receiveMaximum;
    private final Deque<Pending> pending = new ArrayDeque<>();
    /** QoS 2 packet ids between PUBLISH and PUBREL: the same id again is the same message again [MQTT-4.3.3-10]. */
    private final Set<Integer> unreleased = new HashSet<>();
    /** The same from connections before, which do not count for the receive maximum (MQTT 5, 4.9). */
    private final Set<Integer> unreleasedBefore = new HashSet<>();

    private int pendingAtQos1;
    private int pendingAtQos2;
    private @Nullable Promise<Void> allStored;
    private long pendingBytes;
    private final PublishTopics topics;

    InboundPublishes(Session session, Publications publications, BrokerInstance instance, int receiveMaximum) {
        this.session = session;
        this.publications = publications;
        this.instance = instance;
        this.receiveMaximum = receiveMaximum;
        this.topics = new PublishTopics(session.client(), session.username(), instance.rewriting);
    }

    /** Takes over the packet ids that the session's last connection has left between PUBLISH and PUBREL [MQTT-4.4.0-1]. */
    void restore(List<Integer> packetIds) {
        unreleasedBefore.addAll(packetIds);
    }

    /**
     * What is between PUBLISH and PUBREL, once it is known of each message whether it is stored, or once that was waited for long
     * enough: a message that is stored only later comes twice then, if the client sends it again.
     */
    Future<List<Integer>> unreleasedWhenStored() {
        Promise<Void> stored = Promise.promise();
        if (pendingAtQos2 == 0) {
            stored.complete();
        } else {
            allStored = stored;
            long timer = instance.vertx.setTimer(STORED_WITHIN_MILLIS, late -> stored.tryComplete());
            stored.future().onComplete(known -> instance.vertx.cancelTimer(timer));
        }
        return stored.future().map(known -> unreleased());
    }

    private List<Integer> unreleased() {
        Set<Integer> stored = new TreeSet<>(unreleased);
        stored.addAll(unreleasedBefore);
        pending.stream().filter(waiting -> waiting.outcome == null).forEach(waiting -> stored.remove(waiting.packetId));
        return List.copyOf(stored);
    }

    void onPublish(MqttPublishMessage packet) {
        Qos qos = Qos.of(packet.qosLevel().value());
        if (qos == Qos.EXACTLY_ONCE && isUnreleased(packet.messageId())) {
            answerAgain(packet.messageId());
            return;
        }
        if (session.socket().speaksMqtt5()
                && qos.isAcknowledged()
                && unanswered() >= receiveMaximum) { // [MQTT-3.3.4-9]
            session.disconnect(ReasonCode.RECEIVE_MAXIMUM_EXCEEDED, "more unacknowledged messages than allowed");
            return;
        }
        Message message;
        try {
            message = messageOf(packet, qos);
        } catch (MalformedMqttException malformed) {
            session.disconnect(
                    packet.topicName().isEmpty() ? ReasonCode.PROTOCOL_ERROR : ReasonCode.TOPIC_NAME_INVALID,
                    malformed.getMessage());
            return;
        } catch (TopicRefusedException refused) {
            refuse(packet.messageId(), qos, refused);
            return;
        }
        if (qos.isAcknowledged()) {
            store(packet.messageId(), message);
        } else {
            publications.publishAtMostOnce(message, session.username());
        }
    }

    /** How much of its receive maximum the client uses: what waits for PUBACK, and what waits for PUBREL. */
    private int unanswered() {
        return pendingAtQos1 + unreleased.size();
    }

    /** PUBREL: the packet id is free again. */
    void onPubrel(int packetId) {
        boolean known = unreleased.remove(packetId) | unreleasedBefore.remove(packetId);
        session.socket().pubcomp(packetId, known ? ReasonCode.SUCCESS : ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }

    private boolean isUnreleased(int packetId) {
        return unreleased.contains(packetId) || unreleasedBefore.contains(packetId);
    }

    /** MQTT 3 has no word for it: what may not be published is acknowledged and dropped [MQTT-3.3.5-2]. */
    private void refuse(int packetId, Qos qos, TopicRefusedException refused) {
        log.debug("PUBLISH refused [client={}, cause={}]", session.client(), refused.getMessage());
        if (qos.isAcknowledged()) {
            boolean told = session.socket().speaksMqtt5();
            settle(inTurn(packetId, qos, 0), told ? refused.reason() : ReasonCode.SUCCESS);
        }
    }

    /** A place among the acknowledgements that are due. */
    private Pending inTurn(int packetId, Qos qos, int bytes) {
        Pending waiting = new Pending(packetId, qos, bytes);
        pending.add(waiting);
        pendingBytes += waiting.bytes;
        if (qos == Qos.EXACTLY_ONCE) {
            unreleased.add(packetId);
            pendingAtQos2++;
        } else {
            pendingAtQos1++;
        }
        return waiting;
    }

    private void store(int packetId, Message message) {
        Pending waiting = inTurn(packetId, message.qos(), message.payload().length());
        adjustReading();
        publications
                .publishStored(message, session.username())
                .onSuccess(id -> settle(waiting, ReasonCode.SUCCESS))
                .onFailure(failure -> onNotStored(waiting, message, failure));
    }

    private void onNotStored(Pending waiting, Message message, Throwable failure) {
        if (session.isEnded()) {
            settle(waiting, ReasonCode.UNSPECIFIED_ERROR);
            return;
        }
        log.warn(
                "PUBLISH not stored [client={}, topic={}, cause={}]",
                session.client(),
                message.topic(),
                failure.getMessage());
        boolean later = failure instanceof EventFailedException known && known.failure() == EventFailure.UNAVAILABLE;
        settle(waiting, later ? ReasonCode.UNSPECIFIED_ERROR : ReasonCode.IMPLEMENTATION_SPECIFIC_ERROR);
    }

    /** Acknowledges this message and those behind it that were only waiting for it. */
    private void settle(Pending settled, ReasonCode outcome) {
        settled.outcome = outcome;
        if (settled.qos == Qos.EXACTLY_ONCE) {
            settleAtQos2(settled, outcome);
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

    private void settleAtQos2(Pending settled, ReasonCode outcome) {
        if (outcome != ReasonCode.SUCCESS) {
            unreleased.remove(settled.packetId);
        }
        Promise<Void> waiting = allStored;
        if (--pendingAtQos2 == 0 && waiting != null) {
            waiting.tryComplete();
        }
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
            session.socket().puback(head.packetId, outcome);
        } else {
            session.socket().pubrec(head.packetId, outcome);
        }
    }

    private void answerAgain(int packetId) {
        boolean inTurn = pending.stream().anyMatch(waiting -> waiting.packetId == packetId);
        if (!inTurn) {
            session.socket().pubrec(packetId, ReasonCode.SUCCESS);
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

    private Message messageOf(MqttPublishMessage packet, Qos qos) {
        return new Message(
                instance.clock.next(),
                session.client(),
                topics.of(packet.topicName()),
                qos,
                packet.isRetain(),
                Payload.of(packet.payload().getBytes()),
                System.currentTimeMillis(),
                PropertyReader.message(packet.properties()));
    }
}
