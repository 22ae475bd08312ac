package io.redshank.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
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

    private final ChannelHandlerContext channel;
    private final PacketGate gate;
    private final int version;

    /** A writer for the protocol version that the client speaks: 3, 4 or 5. */
    ClientSocket(PacketGate gate, int version) {
        this.channel = gate.channel();
        this.gate = gate;
        this.version = version;
    }

    boolean speaksMqtt5() {
        return version >= MQTT_5;
    }

    /** Whether what is written now leaves soon; if not, it fills this node's memory. */
    boolean isWritable() {
        return channel.channel().isWritable();
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
        MqttProperties properties = speaksMqtt5()
                ? PropertyWriter.publish(message, outgoing.identifiers(), 0, nowMillis)
                : MqttProperties.NO_PROPERTIES;
        MqttPublishVariableHeader variable =
                new MqttPublishVariableHeader(message.topic().value(), packetId, properties);
        write(new MqttPublishMessage(
                header, variable, Unpooled.wrappedBuffer(message.payload().shared())));
    }

    void puback(int packetId, ReasonCode reason) {
        write(new MqttPubAckMessage(header(MqttMessageType.PUBACK, false), reply(packetId, reason)));
    }

    void pubrec(int packetId, ReasonCode reason) {
        write(new MqttMessage(header(MqttMessageType.PUBREC, false), reply(packetId, reason)));
    }

    void pubrel(int packetId, ReasonCode reason) {
        write(new MqttMessage(header(MqttMessageType.PUBREL, true), reply(packetId, reason)));
    }

    void pubcomp(int packetId, ReasonCode reason) {
        write(new MqttMessage(header(MqttMessageType.PUBCOMP, false), reply(packetId, reason)));
    }

    void suback(int packetId, int[] codes) {
        write(new MqttSubAckMessage(
                header(MqttMessageType.SUBACK, false), idOnly(packetId), new MqttSubAckPayload(codes)));
    }

    /** Acknowledges an UNSUBSCRIBE; the codes are for MQTT 5 only. */
    void unsuback(int packetId, short[] codes) {
        write(new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK, false),
                idOnly(packetId),
                new MqttUnsubAckPayload(speaksMqtt5() ? codes : new short[0])));
    }

    /** Says why, as far as the client's protocol can and once it is let in [MQTT-3.2.0-1], and closes. */
    void disconnect(ReasonCode reason) {
        if (speaksMqtt5() && gate.isOpen()) {
            write(ConnectPackets.disconnect(reason));
        }
        gate.close();
    }

    private void write(MqttMessage packet) {
        channel.writeAndFlush(packet, channel.voidPromise());
    }

    private static MqttFixedHeader header(MqttMessageType type, boolean pubrel) {
        return new MqttFixedHeader(type, false, pubrel ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE, false, 0);
    }

    private static MqttPubReplyMessageVariableHeader reply(int packetId, ReasonCode reason) {
        return new MqttPubReplyMessageVariableHeader(packetId, (byte) reason.code(), MqttProperties.NO_PROPERTIES);
    }

    private static MqttMessageIdAndPropertiesVariableHeader idOnly(int packetId) {
        return new MqttMessageIdAndPropertiesVariableHeader(packetId, MqttProperties.NO_PROPERTIES);
    }
}
