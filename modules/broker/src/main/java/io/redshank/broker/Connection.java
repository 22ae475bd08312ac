package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPubRecMessage;
import io.vertx.mqtt.messages.MqttPublishMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;

/** The packets of one connected client, each handed to the part that deals with it. */
final class Connection {
    private static final int FIRST_ERROR = 0x80;

    private final Session session;
    private final Subscribing subscribing;
    private final InboundPublishes inbound;

    Connection(Session session, BrokerInstance instance, Publications publications, ListenerOptions listener) {
        this.session = session;
        this.subscribing = new Subscribing(session, instance);
        this.inbound = new InboundPublishes(
                session, publications, instance, listener.packets().receiveMaximum());
    }

    Subscribing subscribing() {
        return subscribing;
    }

    InboundPublishes inbound() {
        return inbound;
    }

    void listenTo(MqttEndpoint endpoint) {
        endpoint.publishHandler(this::onPublish);
        endpoint.publishReleaseHandler(inbound::onPubrel);
        endpoint.publishAcknowledgeHandler(session.outbound()::onPuback);
        endpoint.publishReceivedMessageHandler(this::onPubrec);
        endpoint.publishCompletionHandler(session.outbound()::onPubcomp);
        endpoint.subscribeHandler(subscribing::onSubscribe);
        endpoint.unsubscribeHandler(subscribing::onUnsubscribe);
        endpoint.disconnectMessageHandler(this::onDisconnect);
    }

    private void onPublish(MqttPublishMessage packet) {
        if (packet.properties().getProperty(MqttPropertyType.TOPIC_ALIAS.value()) != null) {
            session.disconnect(ReasonCode.TOPIC_ALIAS_INVALID, "no topic alias was offered"); // [MQTT-3.3.2-9]
            return;
        }
        inbound.onPublish(packet);
    }

    private void onPubrec(MqttPubRecMessage packet) {
        session.outbound()
                .onPubrec(packet.messageId(), Byte.toUnsignedInt(packet.code().value()) >= FIRST_ERROR);
    }

    private void onDisconnect(MqttDisconnectMessage packet) {
        long expiry = ConnectRequest.expiryOf(packet.properties(), session.expirySeconds());
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
