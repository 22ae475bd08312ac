package io.redshank.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import io.redshank.model.Message;
import io.redshank.model.Qos;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes packets to one client. Writes Netty's MQTT messages straight into the pipeline, because Vert.x MQTT copies payloads and
 * loses the reason codes of PUBREC, PUBREL and PUBCOMP. Flushes are joined by a handler in the pipeline. Confined to the
 * connection's event loop; writing to a closed connection does nothing.
 */
final class ClientSocket {
    private static final MqttQoS[] QOS = {MqttQoS.AT_MOST_ONCE, MqttQoS.AT_LEAST_ONCE, MqttQoS.EXACTLY_ONCE};
    private static final int MQTT_5 = 5;
    private static final int TOPIC_LENGTH = 2;

    private static final int PACKET_ID = 2;
    /** Identifier and value of an alias, and what longer lengths of properties and packet may take. */
    private static final int MOST_FOR_ALIAS = 3 + 1 + 1;
    /** The longest fixed header, packet id, and length of properties. */
    private static final int FIXED = 5 + 2 + 4;

    private static final int TEXT_OVERHEAD = 3;

    private final ChannelHandlerContext channel;
    private final PacketGate gate;
    private final ClientCapabilities client;
    private final OutboundAliases aliases;

    /** A writer to a client, with at most so many topic aliases. */
    ClientSocket(PacketGate gate, ClientCapabilities client, int maxAliases) {
        this.channel = gate.channel();
        this.gate = gate;
        this.client = client;
        this.aliases = new OutboundAliases(Math.min(client.topicAliasMaximum(), maxAliases)); // [MQTT-3.1.2-26]
    }

    boolean speaksMqtt5() {
        return client.version() >= MQTT_5;
    }

    /** Whether the client is still there, as far as is known. */
    boolean isConnected() {
        return channel.channel().isActive();
    }

    /** Whether what is written now leaves soon; if not, it fills this node's memory. */
    boolean isWritable() {
        return channel.channel().isWritable();
    }

    /** Whether the connection is closed, or being closed. */
    boolean hasEnded() {
        return gate.hasEnded();
    }

    /** What decides whether bytes are taken from the client. */
    Intake intake() {
        return gate.intake();
    }

    /** The size of the whole packet that {@link #publish} writes for an MQTT 5 client, without an alias. */
    static long sizeOf(Message message, Qos qos, List<Integer> identifiers) {
        long properties = PropertyWriter.sizeOf(message.properties(), identifiers);
        long length = TOPIC_LENGTH
                + ByteBufUtil.utf8Bytes(message.topic().value())
                + (qos.isAcknowledged() ? PACKET_ID : 0)
                + PropertyWriter.sizeOfVariableInteger(properties)
                + properties
                + message.payload().length();
        return 1 + PropertyWriter.sizeOfVariableInteger(length) + length;
    }

    /**
     * Sends a message.
     *
     * @param dup whether it was sent before [MQTT-3.3.1-1]
     * @param packetId 0 at QoS 0
     * @param nowMillis for how much is left of the message's expiry, if it has one
     */
    void publish(Outgoing outgoing, boolean dup, int packetId, long nowMillis) {
        Message message = outgoing.message();
        MqttQoS qos = QOS[outgoing.qos().level()];
        MqttFixedHeader header = new MqttFixedHeader(MqttMessageType.PUBLISH, dup, qos, outgoing.retain(), 0);
        String topic = message.topic().value();
        MqttProperties properties = MqttProperties.NO_PROPERTIES;
        if (speaksMqtt5()) {
            int alias = aliases.known(message.topic());
            if (alias > 0) {
                topic = "";
            } else if (hasRoomForAlias(message, outgoing.qos(), outgoing.identifiers())) {
                alias = aliases.assign(message.topic());
            }
            properties = PropertyWriter.publish(message, outgoing.identifiers(), alias, nowMillis);
        }
        MqttPublishVariableHeader variable = new MqttPublishVariableHeader(topic, packetId, properties);
        write(new MqttPublishMessage(
                header, variable, Unpooled.wrappedBuffer(message.payload().shared())));
    }

    /** Telling an alias beside the topic makes a packet larger. */
    private boolean hasRoomForAlias(Message message, Qos qos, List<Integer> identifiers) {
        return client.maximumPacketSize() == Long.MAX_VALUE
                || sizeOf(message, qos, identifiers) + MOST_FOR_ALIAS <= client.maximumPacketSize();
    }

    /** Whether a SUBACK or UNSUBACK with so many codes is not too large for the client [MQTT-3.1.2-24]. */
    boolean takesCodes(int codes) {
        long length = PACKET_ID + 1L + codes; // without properties
        return 1 + PropertyWriter.sizeOfVariableInteger(length) + length <= client.maximumPacketSize();
    }

    void puback(int packetId, ReasonCode reason, @Nullable String why) {
        write(new MqttPubAckMessage(header(MqttMessageType.PUBACK, false), reply(packetId, reason, why)));
    }

    void pubrec(int packetId, ReasonCode reason, @Nullable String why) {
        write(new MqttMessage(header(MqttMessageType.PUBREC, false), reply(packetId, reason, why)));
    }

    void pubrel(int packetId, ReasonCode reason) {
        write(new MqttMessage(header(MqttMessageType.PUBREL, true), reply(packetId, reason, null)));
    }

    void pubcomp(int packetId, ReasonCode reason) {
        write(new MqttMessage(header(MqttMessageType.PUBCOMP, false), reply(packetId, reason, null)));
    }

    void suback(int packetId, int[] codes, @Nullable String why) {
        write(new MqttSubAckMessage(
                header(MqttMessageType.SUBACK, false),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, reasonString(why, codes.length)),
                new MqttSubAckPayload(codes)));
    }

    /** Acknowledges an UNSUBSCRIBE; the codes are for MQTT 5 only. */
    void unsuback(int packetId, short[] codes, @Nullable String why) {
        write(new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK, false),
                new MqttMessageIdAndPropertiesVariableHeader(packetId, reasonString(why, codes.length)),
                new MqttUnsubAckPayload(speaksMqtt5() ? codes : new short[0])));
    }

    /** Says why, as far as the client's protocol can and once it is let in [MQTT-3.2.0-1], and closes. */
    void disconnect(ReasonCode reason, @Nullable String why) {
        disconnect(reason, why, null);
    }

    /** The same, naming another server to go to. */
    void disconnect(ReasonCode reason, @Nullable String why, @Nullable String serverReference) {
        if (speaksMqtt5() && gate.isOpen()) {
            boolean fits = FIXED + sizeOf(why) + sizeOf(serverReference) <= client.maximumPacketSize();
            gate.sayGoodbye(
                    fits
                            ? ConnectPackets.disconnect(reason, why, serverReference)
                            : ConnectPackets.disconnect(reason, null, null)); // [MQTT-3.14.2-3]
        }
        gate.close();
    }

    private void write(MqttMessage packet) {
        channel.writeAndFlush(packet, channel.voidPromise());
    }

    private static MqttFixedHeader header(MqttMessageType type, boolean pubrel) {
        return new MqttFixedHeader(type, false, pubrel ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE, false, 0);
    }

    private MqttPubReplyMessageVariableHeader reply(int packetId, ReasonCode reason, @Nullable String why) {
        return new MqttPubReplyMessageVariableHeader(packetId, (byte) reason.code(), reasonString(why, 1));
    }

    /** A reason in words, for a client that wants to know [MQTT-3.1.2-29] and has room for it [MQTT-3.4.2-2]. */
    private MqttProperties reasonString(@Nullable String why, int codes) {
        boolean told = why != null
                && speaksMqtt5()
                && client.problemInformationWanted()
                && FIXED + codes + sizeOf(why) <= client.maximumPacketSize();
        if (!told) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        PropertyWriter.text(properties, MqttPropertyType.REASON_STRING, why);
        return properties;
    }

    private static long sizeOf(@Nullable String text) {
        return text == null ? 0 : TEXT_OVERHEAD + ByteBufUtil.utf8Bytes(text);
    }
}
