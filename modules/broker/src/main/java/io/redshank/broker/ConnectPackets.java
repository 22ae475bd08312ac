package io.redshank.broker;

import io.netty.channel.Channel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttIdentifierRejectedException;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.netty.util.AttributeKey;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The packets at either end of a connection that {@link PacketGate} makes itself. */
final class ConnectPackets {
    /** Where Netty's decoder keeps the protocol version once it has read it from CONNECT. */
    private static final AttributeKey<MqttVersion> VERSION = AttributeKey.valueOf("NETTY_CODEC_MQTT_VERSION");

    private static final @Nullable MqttVersion[] VERSIONS = {
        null, null, null, MqttVersion.MQTT_3_1, MqttVersion.MQTT_3_1_1, MqttVersion.MQTT_5
    };

    private ConnectPackets() {}

    /** The CONNECT itself, or one with an id of our making if the client has none and may have none. */
    static MqttConnectMessage withClientId(MqttConnectMessage connect) {
        String id = connect.payload().clientIdentifier();
        boolean mayBeEmpty = connect.variableHeader().version() == MqttVersion.MQTT_5.protocolLevel()
                || connect.variableHeader().isCleanSession(); // [MQTT-3.1.3-7] of 3.1.1
        if ((id != null && !id.isEmpty()) || !mayBeEmpty) {
            return connect;
        }
        MqttConnectPayload payload = connect.payload();
        return new MqttConnectMessage(
                connect.fixedHeader(),
                connect.variableHeader(),
                new MqttConnectPayload(
                        "auto-" + UUID.randomUUID(),
                        payload.willProperties(),
                        payload.willTopic(),
                        payload.willMessageInBytes(),
                        payload.userName(),
                        payload.passwordInBytes()));
    }

    /** The CONNECT itself, or one with this keep-alive in seconds, unless that is 0, if an MQTT 5 client wants a longer one. */
    static MqttConnectMessage withKeepAlive(MqttConnectMessage connect, int most) {
        MqttConnectVariableHeader header = connect.variableHeader();
        int wanted = header.keepAliveTimeSeconds();
        boolean mqtt5 = header.version() == MqttVersion.MQTT_5.protocolLevel(); // others cannot be told
        if (most == 0 || !mqtt5 || (wanted > 0 && wanted <= most)) {
            return connect;
        }
        return new MqttConnectMessage(
                connect.fixedHeader(),
                new MqttConnectVariableHeader(
                        header.name(),
                        header.version(),
                        header.hasUserName(),
                        header.hasPassword(),
                        header.isWillRetain(),
                        header.willQos(),
                        header.isWillFlag(),
                        header.isCleanSession(),
                        most,
                        header.properties()),
                connect.payload());
    }

    /** The CONNECT as one of this user, or of nobody, and without a password. */
    static MqttConnectMessage inTheNameOf(@Nullable String user, MqttConnectMessage connect) {
        MqttConnectVariableHeader header = connect.variableHeader();
        MqttConnectPayload payload = connect.payload();
        return new MqttConnectMessage(
                connect.fixedHeader(),
                new MqttConnectVariableHeader(
                        header.name(),
                        header.version(),
                        user != null,
                        false,
                        header.isWillRetain(),
                        header.willQos(),
                        header.isWillFlag(),
                        header.isCleanSession(),
                        header.keepAliveTimeSeconds(),
                        header.properties()),
                new MqttConnectPayload(
                        payload.clientIdentifier(),
                        payload.willProperties(),
                        payload.willTopic(),
                        payload.willMessageInBytes(),
                        user,
                        null));
    }

    /** What tells a client that it is not let in, to MQTT 5 also why, if that may be said. */
    static MqttMessage refusal(Channel channel, RefusedConnectException.Refusal refusal, @Nullable String why) {
        int version = isMqtt5(channel) ? MqttVersion.MQTT_5.protocolLevel() : MqttVersion.MQTT_3_1_1.protocolLevel();
        return connack(refusal.code(version), ConnackProperties.refused(version, why, null));
    }

    /** Keeps the protocol level, 3 to 5, of a client whose CONNECT may not get as far as the decoder. */
    static void remember(Channel channel, int version) {
        channel.attr(VERSION).set(VERSIONS[version]);
    }

    /** Whether the client that has connected speaks MQTT 5. */
    static boolean isMqtt5(Channel channel) {
        return channel.attr(VERSION).get() == MqttVersion.MQTT_5;
    }

    /** What tells a connected client why its connection ends; null if its protocol has no word for it. */
    static @Nullable MqttMessage farewell(Channel channel, ReasonCode reason, @Nullable String why) {
        return isMqtt5(channel) ? disconnect(reason, why, null) : null;
    }

    /** What tells the client why a packet of its could not be decoded; null if its protocol has no word for it. */
    static @Nullable MqttMessage farewell(Channel channel, Throwable cause, boolean connected) {
        if (connected) {
            return farewell(channel, reasonOf(cause), null);
        }
        if (isMqtt5(channel)) {
            return connack(MqttConnectReturnCode.valueOf((byte) reasonOf(cause).code()));
        }
        return cause instanceof MqttIdentifierRejectedException
                ? connack(MqttConnectReturnCode.CONNECTION_REFUSED_IDENTIFIER_REJECTED)
                : null;
    }

    private static ReasonCode reasonOf(Throwable cause) {
        if (cause instanceof BadPacketException bad) {
            return bad.reason();
        }
        return cause instanceof TooLongFrameException ? ReasonCode.PACKET_TOO_LARGE : ReasonCode.MALFORMED_PACKET;
    }

    /** DISCONNECT of MQTT 5. */
    static MqttMessage disconnect(ReasonCode reason, @Nullable String why, @Nullable String serverReference) {
        MqttProperties properties = new MqttProperties();
        PropertyWriter.text(properties, MqttPropertyType.REASON_STRING, why);
        PropertyWriter.text(properties, MqttPropertyType.SERVER_REFERENCE, serverReference);
        return new MqttMessage(
                new MqttFixedHeader(MqttMessageType.DISCONNECT, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason.code(), properties));
    }

    /** CONNACK of any version, without a session. */
    static MqttMessage connack(MqttConnectReturnCode code) {
        return connack(code, MqttProperties.NO_PROPERTIES);
    }

    private static MqttMessage connack(MqttConnectReturnCode code, MqttProperties properties) {
        return new MqttConnAckMessage(
                new MqttFixedHeader(MqttMessageType.CONNACK, false, MqttQoS.AT_MOST_ONCE, false, 0),
                new MqttConnAckVariableHeader(code, false, properties));
    }
}
