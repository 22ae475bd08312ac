package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.broker.RefusedConnectException.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a client says in CONNECT that it takes.
 *
 * @param version the protocol level: 3, 4 or 5
 * @param receiveMaximum how many unacknowledged messages
 * @param maximumPacketSize the largest packet, in bytes
 * @param topicAliasMaximum how many topic aliases; 0 for none
 * @param problemInformationWanted whether reasons may be told in words on acknowledgements
 */
record ClientCapabilities(
        int version,
        int receiveMaximum,
        long maximumPacketSize,
        int topicAliasMaximum,
        boolean problemInformationWanted) {
    private static final int DEFAULT_RECEIVE_MAXIMUM = 65_535;

    static ClientCapabilities of(int version, MqttProperties properties) throws RefusedConnectException {
        long receiveMaximum = orElse(properties, MqttPropertyType.RECEIVE_MAXIMUM, DEFAULT_RECEIVE_MAXIMUM);
        long maximumPacketSize = orElse(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE);
        if (receiveMaximum == 0 || maximumPacketSize == 0) { // MQTT 5, 3.1.2.11.3 and .4
            throw new RefusedConnectException(Refusal.PROTOCOL_ERROR, "a maximum of 0");
        }
        return new ClientCapabilities(
                version,
                (int) receiveMaximum,
                maximumPacketSize,
                (int) orElse(properties, MqttPropertyType.TOPIC_ALIAS_MAXIMUM, 0),
                flag(properties, MqttPropertyType.REQUEST_PROBLEM_INFORMATION, true));
    }

    /** A property of 0 or 1. */
    static boolean flag(MqttProperties properties, MqttPropertyType type, boolean otherwise) {
        @Nullable Long value = PropertyReader.number(properties, type);
        if (value != null && value > 1) { // MQTT 5, 3.1.2.11.6 and .7
            throw new RefusedConnectException(Refusal.PROTOCOL_ERROR, "a flag that is neither 0 nor 1");
        }
        return value == null ? otherwise : value == 1;
    }

    private static long orElse(MqttProperties properties, MqttPropertyType type, long otherwise) {
        @Nullable Long value = PropertyReader.number(properties, type);
        return value == null ? otherwise : value;
    }
}
