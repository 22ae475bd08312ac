package io.redshank.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.redshank.model.Message;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the properties of packets, and tells how many bytes they take. */
final class PropertyWriter {
    private static final int TYPE = 1;
    private static final int LENGTH = 2;
    private static final int FOUR_BYTES = 4;

    private PropertyWriter() {}

    /**
     * The properties of an outgoing PUBLISH.
     *
     * @param identifiers of the subscriptions that the message matches [MQTT-3.3.4-3]
     * @param alias the topic alias; 0 for none
     * @param nowMillis for how much is left of the message's expiry [MQTT-3.3.2-6]
     */
    static MqttProperties publish(Message message, List<Integer> identifiers, int alias, long nowMillis) {
        MessageProperties said = message.properties();
        if (alias == 0 && identifiers.isEmpty() && said.isEmpty()) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        number(properties, MqttPropertyType.PAYLOAD_FORMAT_INDICATOR, said.payloadFormat());
        Long expiry = said.expirySeconds();
        if (expiry != null) {
            long waited = Math.max(0, nowMillis - message.millis()) / 1000;
            number(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL, (int) Math.max(0, expiry - waited));
        }
        text(properties, MqttPropertyType.CONTENT_TYPE, said.contentType());
        TopicName responseTopic = said.responseTopic();
        text(properties, MqttPropertyType.RESPONSE_TOPIC, responseTopic == null ? null : responseTopic.value());
        Payload correlation = said.correlationData();
        if (correlation != null) {
            properties.add(
                    new MqttProperties.BinaryProperty(MqttPropertyType.CORRELATION_DATA.value(), correlation.shared()));
        }
        for (UserProperty property : said.userProperties()) {
            properties.add(new MqttProperties.UserProperty(property.name(), property.value()));
        }
        for (Integer identifier : identifiers) {
            number(properties, MqttPropertyType.SUBSCRIPTION_IDENTIFIER, identifier);
        }
        if (alias > 0) {
            number(properties, MqttPropertyType.TOPIC_ALIAS, alias);
        }
        return properties;
    }

    static void number(MqttProperties properties, MqttPropertyType type, @Nullable Integer value) {
        if (value != null) {
            properties.add(new MqttProperties.IntegerProperty(type.value(), value));
        }
    }

    static void text(MqttProperties properties, MqttPropertyType type, @Nullable String value) {
        if (value != null) {
            properties.add(new MqttProperties.StringProperty(type.value(), value));
        }
    }

    /** How many bytes {@link #publish} takes on the wire at the most, without an alias and without its own length. */
    static long sizeOf(MessageProperties said, List<Integer> identifiers) {
        long size = said.payloadFormat() == null ? 0 : TYPE + 1;
        size += said.expirySeconds() == null ? 0 : TYPE + FOUR_BYTES;
        size += sizeOf(said.contentType());
        TopicName responseTopic = said.responseTopic();
        size += sizeOf(responseTopic == null ? null : responseTopic.value());
        Payload correlation = said.correlationData();
        size += correlation == null ? 0 : TYPE + LENGTH + correlation.length();
        for (UserProperty property : said.userProperties()) {
            size += sizeOf(property.name()) + LENGTH + ByteBufUtil.utf8Bytes(property.value());
        }
        for (Integer identifier : identifiers) {
            size += TYPE + sizeOfVariableInteger(identifier);
        }
        return size;
    }

    /** How many bytes one of the properties of CONNACK takes. */
    static long sizeOf(MqttProperties.MqttProperty<?> property) {
        if (property.value() instanceof String text) {
            return sizeOf(text);
        }
        if (property.value() instanceof byte[] bytes) {
            return TYPE + LENGTH + bytes.length;
        }
        return TYPE
                + switch (MqttPropertyType.valueOf(property.propertyId())) {
                    case SESSION_EXPIRY_INTERVAL, MAXIMUM_PACKET_SIZE -> FOUR_BYTES;
                    case RECEIVE_MAXIMUM, TOPIC_ALIAS_MAXIMUM, SERVER_KEEP_ALIVE -> 2;
                    default -> 1;
                };
    }

    /** How many bytes MQTT's variable byte integer takes (MQTT 5, 1.5.5). */
    static int sizeOfVariableInteger(long value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    private static long sizeOf(@Nullable String text) {
        return text == null ? 0 : TYPE + LENGTH + ByteBufUtil.utf8Bytes(text);
    }
}
