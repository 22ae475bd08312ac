package io.redshank.app.config;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One value given outside of a file: on the command line or in the environment. */
record Assignment(ConfigPath path, String value) {
    /* Texts by nature: a password of digits, or a name that happens to be a JSON word, stays what was written. */
    private static final Set<String> TEXTS = Set.of("password", "username", "name", "channel", "sentinel", "server");

    /** From {@code mqtt.listeners[0].port=1884}; absent if it is not of that form. */
    static Optional<Assignment> parse(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            return Optional.empty();
        }
        return ConfigPath.parse(text.substring(0, equals).strip())
                .map(path -> new Assignment(path, text.substring(equals + 1)));
    }

    void applyTo(JsonObject root, Problems problems) {
        path.put(root, decoded(), problems);
    }

    /** The JSON value that the text is, else the text. */
    private @Nullable Object decoded() {
        if (TEXTS.contains(path.lastKey()) && !value.startsWith("\"")) {
            return value;
        }
        try {
            return Json.decodeValue(value);
        } catch (DecodeException notJson) {
            return value;
        }
    }
}
