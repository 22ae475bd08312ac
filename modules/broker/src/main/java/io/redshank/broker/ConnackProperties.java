package io.redshank.broker;

import static io.redshank.broker.PropertyWriter.number;
import static io.redshank.broker.PropertyWriter.text;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import org.jspecify.annotations.Nullable;

/** What CONNACK tells an MQTT 5 client beside its reason (MQTT 5, 3.2.2.3). */
final class ConnackProperties {
    private static final int MQTT_5 = 5;

    private ConnackProperties() {}

    /** For a client that is let in: where this server does other than the client asked, or than MQTT says of silence. */
    static MqttProperties accepted(
            ConnectRequest request, PacketGate gate, ListenerOptions listener, boolean sharedSubscriptions) {
        MqttProperties properties = new MqttProperties();
        if (request.version() < MQTT_5) {
            return properties;
        }
        ClientLimits limits = listener.limits();
        if (request.expirySeconds() < request.wantedExpirySeconds()) { // [MQTT-3.2.2-21] says the rest
            number(properties, MqttPropertyType.SESSION_EXPIRY_INTERVAL, (int) request.expirySeconds());
        }
        number(properties, MqttPropertyType.RECEIVE_MAXIMUM, limits.inbound().receiveMaximum());
        number(
                properties,
                MqttPropertyType.MAXIMUM_PACKET_SIZE,
                limits.packets().maxPacketSize());
        if (limits.inbound().topicAliasMaximum() > 0) {
            number(
                    properties,
                    MqttPropertyType.TOPIC_ALIAS_MAXIMUM,
                    limits.inbound().topicAliasMaximum());
        }
        if (!sharedSubscriptions) {
            number(properties, MqttPropertyType.SHARED_SUBSCRIPTION_AVAILABLE, 0);
        }
        number(properties, MqttPropertyType.SERVER_KEEP_ALIVE, gate.serverKeepAlive()); // [MQTT-3.2.2-21]
        gate.authentication().describe(properties);
        if (gate.idAssigned()) { // [MQTT-3.2.2-16]
            text(
                    properties,
                    MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER,
                    request.client().value());
        }
        if (request.responseInformationWanted()) { // [MQTT-3.1.2-28]
            text(
                    properties,
                    MqttPropertyType.RESPONSE_INFORMATION,
                    listener.hints().responseInformation());
        }
        return properties;
    }

    /** For a client that is not let in. */
    static MqttProperties refused(int version, @Nullable String why, @Nullable String serverReference) {
        MqttProperties properties = new MqttProperties();
        if (version >= MQTT_5) {
            text(properties, MqttPropertyType.REASON_STRING, why);
            text(properties, MqttPropertyType.SERVER_REFERENCE, serverReference);
        }
        return properties;
    }
}
