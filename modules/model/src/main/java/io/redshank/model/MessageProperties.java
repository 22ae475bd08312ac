package io.redshank.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an MQTT 5 publisher says of a message beside its topic and payload (MQTT 5, 3.3.2.3). Kept with the message wherever it is
 * kept, and given to each MQTT 5 subscriber.
 *
 * @param payloadFormat 0: bytes; 1: UTF-8 text; null: not said
 * @param expirySeconds how long the message is wanted after it was received, 0 to 4294967295; null: for ever
 * @param contentType for example a MIME type
 * @param responseTopic where an answer is expected
 * @param correlationData by which the one who asked knows the answer
 */
public record MessageProperties(
        @Nullable Integer payloadFormat,
        @Nullable Long expirySeconds,
        @Nullable String contentType,
        @Nullable TopicName responseTopic,
        @Nullable Payload correlationData,
        List<UserProperty> userProperties) {
    /** The payload format that promises UTF-8 text. */
    public static final int UTF_8_TEXT = 1;

    /** Nothing is said: what all messages of MQTT 3 have. */
    public static final MessageProperties NONE = new MessageProperties(null, null, null, null, null, List.of());

    private static final long MOST_SECONDS = 0xFFFF_FFFFL;

    /** Rejects numbers out of range and text that MQTT strings may not hold. */
    public MessageProperties {
        if (payloadFormat != null && payloadFormat != 0 && payloadFormat != UTF_8_TEXT) {
            throw new MalformedMqttException("payload format is not 0 or 1", payloadFormat.toString());
        }
        if (expirySeconds != null && (expirySeconds < 0 || expirySeconds > MOST_SECONDS)) {
            throw new MalformedMqttException("message expiry is not 0 to 4294967295", expirySeconds.toString());
        }
        contentType = contentType == null ? null : Utf8.checked("content type", contentType);
        userProperties = List.copyOf(userProperties);
    }

    /** Whether nothing is said. */
    public boolean isEmpty() {
        return equals(NONE);
    }
}
