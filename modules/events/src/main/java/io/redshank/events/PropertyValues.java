package io.redshank.events;

import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The wire form of a message's properties: a byte whose bits say what is there, and what is there. Most messages have none. */
final class PropertyValues {
    private static final int PAYLOAD_FORMAT = 1;
    private static final int EXPIRY = 1 << 1;
    private static final int CONTENT_TYPE = 1 << 2;
    private static final int RESPONSE_TOPIC = 1 << 3;
    private static final int CORRELATION_DATA = 1 << 4;
    private static final int USER_PROPERTIES = 1 << 5;

    private PropertyValues() {}

    static void write(WireWriter out, MessageProperties properties) {
        if (properties.isEmpty()) {
            out.writeByte(0);
            return;
        }
        Integer format = properties.payloadFormat();
        Long expiry = properties.expirySeconds();
        String contentType = properties.contentType();
        TopicName responseTopic = properties.responseTopic();
        Payload correlation = properties.correlationData();
        out.writeByte(bit(PAYLOAD_FORMAT, format)
                | bit(EXPIRY, expiry)
                | bit(CONTENT_TYPE, contentType)
                | bit(RESPONSE_TOPIC, responseTopic)
                | bit(CORRELATION_DATA, correlation)
                | (properties.userProperties().isEmpty() ? 0 : USER_PROPERTIES));
        if (format != null) {
            out.writeByte(format);
        }
        if (expiry != null) {
            out.writeLong(expiry);
        }
        if (contentType != null) {
            out.writeText(contentType);
        }
        if (responseTopic != null) {
            out.writeText(responseTopic.value());
        }
        if (correlation != null) {
            out.writeBytes(correlation.shared());
        }
        if (!properties.userProperties().isEmpty()) {
            out.writeList(properties.userProperties(), PropertyValues::write);
        }
    }

    static MessageProperties read(WireReader in) {
        int there = in.readByte();
        if (there == 0) {
            return MessageProperties.NONE;
        }
        return new MessageProperties(
                (there & PAYLOAD_FORMAT) == 0 ? null : Integer.valueOf(in.readByte()),
                (there & EXPIRY) == 0 ? null : Long.valueOf(in.readLong()),
                (there & CONTENT_TYPE) == 0 ? null : in.readText(),
                (there & RESPONSE_TOPIC) == 0 ? null : new TopicName(in.readText()),
                (there & CORRELATION_DATA) == 0 ? null : Payload.of(in.readBytes()),
                (there & USER_PROPERTIES) == 0 ? List.of() : in.readList(PropertyValues::userProperty));
    }

    private static int bit(int bit, @Nullable Object value) {
        return value == null ? 0 : bit;
    }

    private static void write(WireWriter out, UserProperty property) {
        out.writeText(property.name());
        out.writeText(property.value());
    }

    private static UserProperty userProperty(WireReader in) {
        return new UserProperty(in.readText(), in.readText());
    }
}
