package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.messages.MqttDisconnectMessage;
import io.vertx.mqtt.messages.MqttPubRecMessage;
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
        endpoint.subscribeHandler(subscribing::onSubscribe);
        endpoint.unsubscribeHandler(subscribing::onUnsubscribe);
        endpoint.disconnectMessageHandler(this::onDisconnect);
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
