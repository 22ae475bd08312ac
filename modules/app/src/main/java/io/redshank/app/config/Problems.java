package io.redshank.app.config;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that is wrong with a configuration, collected so that it can be mended in one go. */
final class Problems {
    private static final int LONGEST_SHOWN = 80;

    private final Set<String> lines = new LinkedHashSet<>();

    void add(String path, String found, String allowed) {
        lines.add(path + ": found " + found + ", allowed: " + allowed);
    }

    /** A line whose second half somebody else has worded. */
    void add(String path, String foundAndAllowed) {
        lines.add(path + ": " + foundAndAllowed);
    }

    List<String> lines() {
        return new ArrayList<>(lines);
    }

    void throwIfAny() throws InvalidConfigurationException {
        if (!lines.isEmpty()) {
            throw new InvalidConfigurationException(lines());
        }
    }

    /** A value as an error line shows it. */
    static String shown(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        if (value instanceof JsonObject) {
            return "an object";
        }
        if (value instanceof JsonArray) {
            return "an array";
        }
        String text = Json.encode(value);
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    }

    /** What kind of thing a value is, where the value itself is secret. */
    static String kind(Object value) {
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof Boolean ? "true or false" : shown(value);
    }
}
