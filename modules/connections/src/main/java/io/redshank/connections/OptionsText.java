package io.redshank.connections;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.SubscriptionOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/** How options of a subscription are written into a session's hash: a JSON object of those that are not as usual. */
final class OptionsText {
    private static final String NO_LOCAL = "no_local";
    private static final String RETAIN_AS_PUBLISHED = "retain_as_published";
    private static final String RETAIN_HANDLING = "retain_handling";
    private static final String IDENTIFIER = "identifier";

    private OptionsText() {}

    static String write(SubscriptionOptions options) {
        JsonObject json = new JsonObject();
        if (options.noLocal()) {
            json.put(NO_LOCAL, true);
        }
        if (options.retainAsPublished()) {
            json.put(RETAIN_AS_PUBLISHED, true);
        }
        if (options.retainHandling() != 0) {
            json.put(RETAIN_HANDLING, options.retainHandling());
        }
        if (options.identifier() != null) {
            json.put(IDENTIFIER, options.identifier());
        }
        return json.encode();
    }

    /** What is not readable is as usual. */
    static SubscriptionOptions read(String text) {
        try {
            JsonObject json = new JsonObject(text);
            return new SubscriptionOptions(
                    json.getBoolean(NO_LOCAL, false),
                    json.getBoolean(RETAIN_AS_PUBLISHED, false),
                    json.getInteger(RETAIN_HANDLING, 0),
                    json.getInteger(IDENTIFIER));
        } catch (DecodeException | ClassCastException | MalformedMqttException damaged) {
            return SubscriptionOptions.DEFAULT;
        }
    }
}
