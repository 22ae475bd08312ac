package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.broker.RefusedConnectException.Refusal;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.vertx.mqtt.MqttAuth;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttWill;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in CONNECT.
 *
 * @param version the protocol level: 3, 4 or 5
 * @param expirySeconds how long the session is to outlive the connection
 * @param receiveMaximum how many unacknowledged messages the client takes
 * @param maximumPacketSize the largest packet the client takes
 * @param will what to publish if the client goes without a word
 */
record ConnectRequest(
        ClientId client,
        @Nullable String username,
        int version,
        boolean cleanStart,
        long expirySeconds,
        int receiveMaximum,
        long maximumPacketSize,
        @Nullable Message will) {
    private static final int MQTT_5 = 5;
    private static final int DEFAULT_RECEIVE_MAXIMUM = 65_535;
    private static final long NEVER = 0xFFFF_FFFFL;

    /** Reads the packet; throws if it asks for what MQTT does not allow, or for what there is not. */
    static ConnectRequest of(MqttEndpoint endpoint, BrokerInstance instance) throws RefusedConnectException {
        try {
            return read(endpoint, instance);
        } catch (MalformedMqttException malformed) {
            throw new RefusedConnectException(Refusal.MALFORMED, String.valueOf(malformed.getMessage()));
        }
    }

    private static ConnectRequest read(MqttEndpoint endpoint, BrokerInstance instance) {
        ClientId client = new ClientId(String.valueOf(endpoint.clientIdentifier()));
        MqttProperties properties = endpoint.connectProperties();
        boolean mqtt5 = endpoint.protocolVersion() >= MQTT_5;
        MqttAuth auth = endpoint.auth();
        int receiveMaximum = (int) number(properties, MqttPropertyType.RECEIVE_MAXIMUM, DEFAULT_RECEIVE_MAXIMUM);
        long maximumPacketSize = number(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE);
        if (receiveMaximum == 0 || maximumPacketSize == 0) {
            throw new RefusedConnectException(Refusal.PROTOCOL_ERROR, "a maximum of 0"); // MQTT 5, 3.1.2.11.3 and .4
        }
        if (properties.getProperty(MqttPropertyType.AUTHENTICATION_METHOD.value()) != null) {
            throw new RefusedConnectException(
                    Refusal.AUTHENTICATION_METHOD, "enhanced authentication"); // [MQTT-4.12.0-1]
        }
        return new ConnectRequest(
                client,
                auth == null ? null : auth.getUsername(),
                endpoint.protocolVersion(),
                endpoint.isCleanSession(),
                mqtt5
                        ? number(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, 0)
                        : endpoint.isCleanSession()
                                ? 0
                                : instance.options.limits().expirySeconds(),
                receiveMaximum,
                maximumPacketSize,
                willOf(endpoint.will(), client, auth == null ? null : auth.getUsername(), instance));
    }

    /** How long the session is kept: a client's wish for ever is granted as far as a number of seconds goes. */
    static long expiryOf(MqttProperties properties, long otherwise) {
        return Math.min(number(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, otherwise), NEVER);
    }

    private static @Nullable Message willOf(
            MqttWill will, ClientId client, @Nullable String username, BrokerInstance instance) {
        if (!will.isWillFlag()) {
            return null;
        }
        byte[] payload = will.getWillMessageBytes();
        return new Message(
                instance.clock.next(),
                client,
                willTopic(will.getWillTopic(), new PublishTopics(client, username, instance.rewriting)),
                Qos.of(will.getWillQos()),
                will.isWillRetain(),
                Payload.of(payload == null ? new byte[0] : payload),
                System.currentTimeMillis(),
                PropertyReader.message(will.getWillProperties()));
    }

    private static TopicName willTopic(String topic, PublishTopics topics) {
        try {
            return topics.of(topic);
        } catch (MalformedMqttException | TopicRefusedException unfit) {
            throw new RefusedConnectException(Refusal.TOPIC_NAME, "will " + unfit.getMessage());
        }
    }

    /** A numeric property, unsigned; properties of four bytes arrive as signed ints. */
    private static long number(MqttProperties properties, MqttPropertyType type, long otherwise) {
        MqttProperties.MqttProperty<?> property = properties.getProperty(type.value());
        return property != null && property.value() instanceof Integer value
                ? Integer.toUnsignedLong(value)
                : otherwise;
    }
}
