package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.redshank.model.Payload;
import org.jspecify.annotations.Nullable;

/**
 * AUTH, of the client or the server (MQTT 5, section 3.15).
 *
 * @param reason one of the three codes below, or from a client any other byte
 * @param method which a client may leave out, though it must not
 * @param data empty also if there is none
 */
record AuthPacket(int reason, @Nullable String method, Payload data) {
    static final int SUCCESS = 0x00;
    static final int CONTINUE = 0x18;
    static final int REAUTHENTICATE = 0x19;

    /** Type and flags; then reason code. */
    private static final int FIXED = 1 + 1;
    /** Identifier and length of a property. */
    private static final int PROPERTY = 1 + 2;

    /** Reads an AUTH; an empty one is a success without properties. */
    static AuthPacket of(MqttMessage packet) {
        if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header) {
            return new AuthPacket(
                    Byte.toUnsignedInt(header.reasonCode()),
                    methodIn(header.properties()),
                    dataIn(header.properties()));
        }
        return new AuthPacket(SUCCESS, null, Payload.EMPTY);
    }

    /** The Authentication Method among the properties of AUTH or CONNECT. */
    static @Nullable String methodIn(MqttProperties properties) {
        return PropertyReader.text(properties, MqttPropertyType.AUTHENTICATION_METHOD);
    }

    /** Whether there are Authentication Data among the properties, if only empty ones. */
    static boolean hasData(MqttProperties properties) {
        return properties.getProperty(MqttPropertyType.AUTHENTICATION_DATA.value()) != null;
    }

    /** The Authentication Data among the properties of AUTH or CONNECT. */
    static Payload dataIn(MqttProperties properties) {
        MqttProperties.MqttProperty<?> data = properties.getProperty(MqttPropertyType.AUTHENTICATION_DATA.value());
        return data != null && data.value() instanceof byte[] bytes ? Payload.of(bytes) : Payload.EMPTY;
    }

    /** Puts method and data, unless that is empty, among the properties of AUTH or CONNACK. */
    static void put(MqttProperties properties, String method, Payload data) {
        PropertyWriter.text(properties, MqttPropertyType.AUTHENTICATION_METHOD, method);
        if (!data.isEmpty()) {
            properties.add(
                    new MqttProperties.BinaryProperty(MqttPropertyType.AUTHENTICATION_DATA.value(), data.shared()));
        }
    }

    /** An AUTH of the server, which always names the method [MQTT-4.12.0-5]. */
    static MqttMessage toClient(int reason, String method, Payload data) {
        MqttProperties properties = new MqttProperties();
        put(properties, method, data);
        return new MqttMessage(
                new MqttFixedHeader(MqttMessageType.AUTH, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason, properties));
    }

    /** How many bytes that AUTH has, the methods being all ASCII. */
    static long sizeToClient(String method, Payload data) {
        long properties = PROPERTY + method.length() + (data.isEmpty() ? 0 : PROPERTY + data.length());
        long length = 1 + PropertyWriter.sizeOfVariableInteger(properties) + properties;
        return FIXED - 1 + PropertyWriter.sizeOfVariableInteger(length) + length;
    }
}
