package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption.RetainedHandlingPolicy;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
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
    static @Nullable Violation violationBy(MqttMessage packet, boolean mqtt5) {
        return switch (packet.fixedHeader().messageType()) {
            case CONNECT -> protocolError("a second CONNECT"); // [MQTT-3.1.0-2]
            case CONNACK, SUBACK, UNSUBACK, PINGRESP -> protocolError("a packet that only servers send");
            case AUTH -> protocolError("AUTH without an authentication method"); // MQTT 5, 4.12
            case SUBSCRIBE -> bySubscribe((MqttSubscribeMessage) packet, mqtt5);
            case UNSUBSCRIBE ->
                ((MqttUnsubscribeMessage) packet).payload().topics().isEmpty()
                        ? protocolError("UNSUBSCRIBE without a filter") // [MQTT-3.10.3-2]
                        : null;
            case PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT ->
                hasKnownReason(packet) ? null : new Violation(ReasonCode.MALFORMED_PACKET, "unknown reason code");
            default -> null;
        };
    }

    private static @Nullable Violation bySubscribe(MqttSubscribeMessage packet, boolean mqtt5) {
        if (packet.payload().topicSubscriptions().isEmpty()) {
            return protocolError("SUBSCRIBE without a filter"); // [MQTT-3.8.3-2]
        }
        boolean optionsOfMqtt5 =
                packet.payload().topicSubscriptions().stream().anyMatch(topic -> hasOptions(topic.option()));
        if (optionsOfMqtt5 && !mqtt5) { // [MQTT-3-8.3-4] of 3.1.1
            return new Violation(ReasonCode.MALFORMED_PACKET, "reserved bits in SUBSCRIBE");
        }
        boolean sharedWithoutOwn = packet.payload().topicSubscriptions().stream()
                .anyMatch(topic -> topic.option().isNoLocal() && isShared(topic.topicFilter()));
        return sharedWithoutOwn ? protocolError("no local in a shared subscription") : null; // [MQTT-3.8.3-4]
    }

    private static boolean isShared(@Nullable String filter) {
        return filter != null && filter.startsWith("$share/");
    }

    private static boolean hasOptions(MqttSubscriptionOption option) {
        return option.isNoLocal()
                || option.isRetainAsPublished()
                || option.retainHandling() != RetainedHandlingPolicy.SEND_AT_SUBSCRIBE;
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
