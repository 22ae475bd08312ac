package io.redshank.redis;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.TopicName;
import io.redshank.model.UserProperty;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The field {@code props} of a message: its MQTT 5 properties as a JSON object, for other programs to read and write.
 *
 * <pre>
 * {"payload_format":1,"message_expiry":60,"content_type":"text/plain","response_topic":"a/b",
 *  "correlation_data":"base64","user_properties":[["name","value"],["name","again"]]}
 * </pre>
 *
 * What is absent was not said. The message expiry counts, in seconds, from {@code ts}.
 */
final class PropsField {
    private static final String PAYLOAD_FORMAT = "payload_format";
    private static final String MESSAGE_EXPIRY = "message_expiry";
    private static final String CONTENT_TYPE = "content_type";
    private static final String RESPONSE_TOPIC = "response_topic";
    private static final String CORRELATION_DATA = "correlation_data";
    private static final String USER_PROPERTIES = "user_properties";

    private PropsField() {}

    static String write(MessageProperties properties) {
        JsonObject json = new JsonObject();
        put(json, PAYLOAD_FORMAT, properties.payloadFormat());
        put(json, MESSAGE_EXPIRY, properties.expirySeconds());
        put(json, CONTENT_TYPE, properties.contentType());
        TopicName responseTopic = properties.responseTopic();
        put(json, RESPONSE_TOPIC, responseTopic == null ? null : responseTopic.value());
        Payload correlation = properties.correlationData();
        put(
                json,
                CORRELATION_DATA,
                correlation == null ? null : Base64.getEncoder().encodeToString(correlation.shared()));
        if (!properties.userProperties().isEmpty()) {
            JsonArray pairs = new JsonArray();
            properties
                    .userProperties()
                    .forEach(property ->
                            pairs.add(new JsonArray().add(property.name()).add(property.value())));
            json.put(USER_PROPERTIES, pairs);
        }
        return json.encode();
    }

    private static void put(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    /** The properties of a field; a field that is not of this form says nothing. */
    static MessageProperties read(@Nullable String field) {
        if (field == null || field.isEmpty()) {
            return MessageProperties.NONE;
        }
        try {
            return read(new JsonObject(field));
        } catch (DecodeException | ClassCastException | IllegalArgumentException damaged) {
            return MessageProperties.NONE;
        }
    }

    private static MessageProperties read(JsonObject json) throws MalformedMqttException {
        String responseTopic = json.getString(RESPONSE_TOPIC);
        String correlation = json.getString(CORRELATION_DATA);
        return new MessageProperties(
                json.getInteger(PAYLOAD_FORMAT),
                json.getLong(MESSAGE_EXPIRY),
                json.getString(CONTENT_TYPE),
                responseTopic == null ? null : new TopicName(responseTopic),
                correlation == null ? null : Payload.of(Base64.getDecoder().decode(correlation)),
                userProperties(json.getJsonArray(USER_PROPERTIES, new JsonArray())));
    }

    private static List<UserProperty> userProperties(JsonArray pairs) {
        List<UserProperty> properties = new ArrayList<>(pairs.size());
        for (int i = 0; i < pairs.size(); i++) {
            JsonArray pair = pairs.getJsonArray(i);
            if (pair.size() != 2 || pair.getString(0) == null || pair.getString(1) == null) {
                throw new IllegalArgumentException("a user property is a name and a value");
            }
            properties.add(new UserProperty(pair.getString(0), pair.getString(1)));
        }
        return properties;
    }
}
