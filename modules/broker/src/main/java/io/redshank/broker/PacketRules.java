package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.vertx.mqtt.messages.codes.MqttDisconnectReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubAckReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubCompReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRecReasonCode;
import io.vertx.mqtt.messages.codes.MqttPubRelReasonCode;
import org.jspecify.annotations.Nullable;

/** What a connected client may not send although it can be decoded, and neither the decoder nor Vert.x MQTT minds. */
final class PacketRules {
    /** What is wrong with a packet, in MQTT 5's terms and in words. */
    record Violation(ReasonCode reason, String why) {}

    private PacketRules() {}

    /** What is wrong with a packet of a connected client, if anything. */
    static @Nullable Violation violationBy(MqttMessage packet) {
        return switch (packet.fixedHeader().messageType()) {
            case AUTH -> protocolError("AUTH without an authentication method in CONNECT"); // [MQTT-4.12.0-7]
            case SUBSCRIBE -> bySubscribe((MqttSubscribeMessage) packet);
            case PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT ->
                hasKnownReason(packet) ? null : new Violation(ReasonCode.MALFORMED_PACKET, "unknown reason code");
            default -> null;
        };
    }

    private static @Nullable Violation bySubscribe(MqttSubscribeMessage packet) {
        boolean noLocal = packet.payload().topicSubscriptions().stream()
                .anyMatch(topic -> topic.option().isNoLocal() && isShared(topic.topicFilter()));
        return noLocal ? protocolError("no local in a shared subscription") : null; // [MQTT-3.8.3-4]
    }

    private static boolean isShared(@Nullable String filter) {
        return filter != null && filter.startsWith("$share/");
    }

    /** Vert.x MQTT throws on codes that it does not know. */
    private static boolean hasKnownReason(MqttMessage packet) {
        try {
            return switch (packet.fixedHeader().messageType()) {
                case PUBACK -> MqttPubAckReasonCode.valueOf(replyCode(packet)) != null;
                case PUBREC -> MqttPubRecReasonCode.valueOf(replyCode(packet)) != null;
                case PUBREL -> MqttPubRelReasonCode.valueOf(replyCode(packet)) != null;
                case PUBCOMP -> MqttPubCompReasonCode.valueOf(replyCode(packet)) != null;
                default ->
                    MqttDisconnectReasonCode.valueOf(
                                    ((MqttReasonCodeAndPropertiesVariableHeader) packet.variableHeader()).reasonCode())
                            != null;
            };
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    private static byte replyCode(MqttMessage packet) {
        return packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader reply ? reply.reasonCode() : 0;
    }

    private static Violation protocolError(String why) {
        return new Violation(ReasonCode.PROTOCOL_ERROR, why);
    }
}
