package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Makes messages of one client's PUBLISH packets, or says what is wrong with them. Confined to the connection's event loop. */
final class PublishReader {
    private final Session session;
    private final BrokerInstance instance;
    private final InboundAliases aliases;
    private final PublishTopics topics;

    PublishReader(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
        this.aliases = new InboundAliases(session.limits().inbound().topicAliasMaximum());
        this.topics = new PublishTopics(
                session.client(), session.username(), instance, session.limits().packets());
    }

    Message read(MqttPublishMessage packet, Qos qos) throws RefusedPublishException {
        TopicName topic = topicOf(packet);
        Message message = new Message(
                instance.clock.next(),
                session.client(),
                topic,
                qos,
                packet.isRetain(),
                Payload.of(packet.payload().getBytes()),
                System.currentTimeMillis(),
                propertiesOf(packet.properties()));
        checkLimits(message);
        return message;
    }

    private TopicName topicOf(MqttPublishMessage packet) {
        String name = packet.topicName();
        Long alias = packet.properties().isEmpty()
                ? null
                : PropertyReader.number(packet.properties(), MqttPropertyType.TOPIC_ALIAS);
        if (alias == null) {
            if (name.isEmpty()) {
                throw RefusedPublishException.broken(ReasonCode.PROTOCOL_ERROR, "neither topic nor alias");
            }
            return topicNamed(name);
        }
        if (!aliases.allows(alias)) { // [MQTT-3.3.2-8], [MQTT-3.3.2-9]
            throw RefusedPublishException.broken(ReasonCode.TOPIC_ALIAS_INVALID, "a topic alias that was not offered");
        }
        if (!name.isEmpty()) {
            aliases.put(alias.intValue(), name);
        }
        return topicOf(aliases.get(alias.intValue()));
    }

    private TopicName topicOf(InboundAliases.@Nullable Alias alias) {
        if (alias == null) { // MQTT 5, 3.3.2.3.4
            throw RefusedPublishException.broken(ReasonCode.PROTOCOL_ERROR, "a topic alias without a topic");
        }
        TopicName topic = alias.topic;
        if (topic == null) {
            topic = topicNamed(alias.name);
            alias.topic = topic;
        }
        return topic;
    }

    private TopicName topicNamed(String name) {
        try {
            return topics.of(name);
        } catch (MalformedMqttException malformed) {
            throw RefusedPublishException.broken(ReasonCode.TOPIC_NAME_INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    private static MessageProperties propertiesOf(MqttProperties properties) {
        if (properties.isEmpty()) {
            return MessageProperties.NONE;
        }
        if (properties.getProperty(MqttPropertyType.SUBSCRIPTION_IDENTIFIER.value()) != null) { // [MQTT-3.3.4-6]
            throw RefusedPublishException.broken(
                    ReasonCode.PROTOCOL_ERROR, "a client's PUBLISH with a subscription identifier");
        }
        try {
            return PropertyReader.message(properties);
        } catch (MalformedMqttException malformed) {
            throw RefusedPublishException.broken(ReasonCode.PROTOCOL_ERROR, String.valueOf(malformed.getMessage()));
        }
    }

    private void checkLimits(Message message) {
        ClientLimits limits = session.limits();
        Integer format = message.properties().payloadFormat();
        if (limits.packets().payloadFormatChecked()
                && format != null
                && format == MessageProperties.UTF_8_TEXT
                && !isUtf8(message.payload())) {
            throw RefusedPublishException.unwanted(
                    ReasonCode.PAYLOAD_FORMAT_INVALID, "the payload is not UTF-8 as it says");
        }
        if (message.retain() && message.payload().length() > limits.inbound().maxRetainedSize()) {
            throw RefusedPublishException.unwanted(ReasonCode.QUOTA_EXCEEDED, "retained message too large");
        }
    }

    private static boolean isUtf8(Payload payload) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload.shared())) != null;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
