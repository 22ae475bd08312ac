package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPubRecMessage;
import io.vertx.mqtt.messages.MqttSubscribeMessage;
import io.vertx.mqtt.messages.MqttUnsubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;

/** The packets of one connected client, each handed to the part that deals with it. */
final class Connection {
    private static final int FIRST_ERROR = 0x80;

    private final Session session;
    private final Subscribing subscribing;
    private final InboundPublishes inbound;

    Connection(Session session, BrokerInstance instance, Publications publications) {
        this.session = session;
        this.subscribing = new Subscribing(session, instance);
        this.inbound = new InboundPublishes(session, publications, instance);
    }

    Subscribing subscribing() {
        return subscribing;
    }

    InboundPublishes inbound() {
        return inbound;
    }

    void listenTo(MqttEndpoint endpoint) {
        endpoint.publishHandler(inbound::onPublish);
        endpoint.publishReleaseHandler(inbound::onPubrel);
        endpoint.publishAcknowledgeHandler(session.outbound()::onPuback);
        endpoint.publishReceivedMessageHandler(this::onPubrec);
        endpoint.publishCompletionHandler(session.outbound()::onPubcomp);
        endpoint.subscribeHandler(this::onSubscribe);
        endpoint.unsubscribeHandler(this::onUnsubscribe);
        endpoint.disconnectMessageHandler(this::onDisconnect);
    }

    private void onSubscribe(MqttSubscribeMessage packet) {
        if (canBeAnswered(packet.topicSubscriptions().size())) {
            subscribing.onSubscribe(packet);
        }
    }

    private void onUnsubscribe(MqttUnsubscribeMessage packet) {
        if (canBeAnswered(packet.topics().size())) {
            subscribing.onUnsubscribe(packet);
        }
    }

    /** A client that asks for more codes than it takes in one packet is told so, before anything is done. */
    private boolean canBeAnswered(int filters) {
        boolean fits = session.socket().takesCodes(filters);
        if (!fits) {
            session.disconnect(
                    ReasonCode.PACKET_TOO_LARGE, "the answer to " + filters + " filters is too large for it");
        }
        return fits;
    }

    private void onPubrec(MqttPubRecMessage packet) {
        session.outbound()
                .onPubrec(packet.messageId(), Byte.toUnsignedInt(packet.code().value()) >= FIRST_ERROR);
    }

    private void onDisconnect(MqttDisconnectMessage packet) {
        Long wanted = PropertyReader.number(packet.properties(), MqttPropertyType.SESSION_EXPIRY_INTERVAL);
        long expiry = wanted == null
                ? session.expirySeconds()
                : Math.min(wanted, session.limits().sessions().maxExpirySeconds());
        if (expiry > 0 && !session.persists()) { // MQTT 5, 3.14.2.2.2
            session.disconnect(ReasonCode.PROTOCOL_ERROR, "a session that was not to be kept is to be kept now");
            return;
        }
        session.expireAfter(expiry);
        if (packet.code() == MqttDisconnectReasonCode.NORMAL) { // [MQTT-3.14.4-3]
            session.forgetWill();
        }
    }
}
