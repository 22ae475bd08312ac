package io.redshank.connections;

import io.redshank.events.SubscriptionCommanded;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** Reads an application's command: {@code {"type":"subscribe","topic":…,"clientid":…,"qos":1}}, the QoS as number or text. */
final class ChannelCommand {
    private ChannelCommand() {}

    /** A message that is no command. Says what is wrong and not what it holds. */
    static final class UnreadableException extends Exception {
        private static final long serialVersionUID = 1;

        UnreadableException(String message) {
            super(message);
        }
    }

    static SubscriptionCommanded read(Buffer message) throws UnreadableException {
        JsonObject json = json(message);
        String type = text(json, "type");
        if (!type.equals("subscribe") && !type.equals("unsubscribe")) {
            throw new UnreadableException("type is neither subscribe nor unsubscribe");
        }
        try {
            return new SubscriptionCommanded(
                    new ClientId(text(json, "clientid")),
                    new TopicFilter(text(json, "topic")),
                    type.equals("subscribe") ? qos(json) : null);
        } catch (MalformedMqttException malformed) {
            throw new UnreadableException("topic or clientid is not valid in MQTT");
        }
    }

    private static JsonObject json(Buffer message) throws UnreadableException {
        try {
            return message.toJsonObject();
        } catch (DecodeException | ClassCastException notAnObject) {
            throw new UnreadableException("not a JSON object");
        }
    }

    private static String text(JsonObject json, String field) throws UnreadableException {
        if (json.getValue(field) instanceof String text) {
            return text;
        }
        throw new UnreadableException(field + " is missing or not a string");
    }

    private static Qos qos(JsonObject json) throws UnreadableException {
        Object qos = json.getValue("qos");
        try {
            long level = qos instanceof Number number ? number.longValue() : Long.parseLong(String.valueOf(qos));
            return Qos.of((int) Math.max(0, Math.min(2, level)));
        } catch (NumberFormatException notANumber) {
            throw new UnreadableException("qos is missing or not a number");
        }
    }
}
