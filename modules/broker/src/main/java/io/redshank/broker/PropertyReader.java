package io.redshank.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the properties of packets. */
final class PropertyReader {
    private PropertyReader() {}

    /** What PUBLISH, or the will of a CONNECT, says of its message. */
    static MessageProperties message(MqttProperties properties) throws MalformedMqttException {
        if (properties.isEmpty()) {
            return MessageProperties.NONE;
        }
        String responseTopic = text(properties, MqttPropertyType.RESPONSE_TOPIC);
        byte[] correlation = value(properties, MqttPropertyType.CORRELATION_DATA, byte[].class);
        return new MessageProperties(
                value(properties, MqttPropertyType.PAYLOAD_FORMAT_INDICATOR, Integer.class),
                number(properties, MqttPropertyType.PUBLICATION_EXPIRY_INTERVAL),
                text(properties, MqttPropertyType.CONTENT_TYPE),
                responseTopic == null ? null : new TopicName(responseTopic), // [MQTT-3.3.2-14]
                correlation == null ? null : Payload.of(correlation),
                userProperties(properties));
    }

    /** A number, unsigned: four bytes arrive as a signed int. */
    static @Nullable Long number(MqttProperties properties, MqttPropertyType type) {
        Integer value = value(properties, type, Integer.class);
        return value == null ? null : Long.valueOf(Integer.toUnsignedLong(value));
    }

    static @Nullable String text(MqttProperties properties, MqttPropertyType type) {
        return value(properties, type, String.class);
    }

    private static <T> @Nullable T value(MqttProperties properties, MqttPropertyType type, Class<T> as) {
        MqttProperties.MqttProperty<?> property = properties.getProperty(type.value());
        return property == null ? null : as.cast(property.value());
    }

    private static List<UserProperty> userProperties(MqttProperties properties) {
        List<UserProperty> read = new ArrayList<>();
        for (MqttProperties.MqttProperty<?> property :
                properties.getProperties(MqttPropertyType.USER_PROPERTY.value())) {
            StringPair pair = (StringPair) property.value();
            read.add(new UserProperty(pair.key, pair.value));
        }
        return read; // in their order [MQTT-3.3.2-18]
    }
}
