package io.redshank.app.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration with its place in the whole. Each getter answers a value that can be used: the default when
 * the key is absent, and also when its value is wrong, which is then noted among the problems. It remembers which keys were
 * asked for; {@link #close} notes all others as unknown. Confined to one parse.
 */
final class Section implements AutoCloseable {
    private static final String A_STRING = "a string";
    private static final long MOST_SECONDS = 100L * 365 * 86_400;

    private final Problems problems;
    private final String path;
    private final JsonObject json;
    private final Set<String> known = new TreeSet<>();

    Section(Problems problems, String path, JsonObject json) {
        this.problems = problems;
        this.path = path;
        this.json = json;
    }

    /** Where this key stands, counted from the root. */
    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    String path() {
        return path;
    }

    Problems problems() {
        return problems;
    }

    Set<String> keys() {
        return json.fieldNames();
    }

    /** The value as it is; null when absent. */
    @Nullable
    Object raw(String key) {
        known.add(key);
        return json.getValue(key);
    }

    /** Notes that the value of a key will not do. */
    void refuse(String key, String allowed) {
        problems.add(pathOf(key), Problems.shown(json.getValue(key)), allowed);
    }

    String text(String key, String fallback) {
        return optionalText(key).orElse(fallback);
    }

    /** A text; absent also when it is empty, as the original wrote "no password". */
    Optional<String> optionalText(String key) {
        Object value = raw(key);
        if (value == null || value.equals("")) {
            return Optional.empty();
        }
        if (value instanceof String text) {
            return Optional.of(text);
        }
        refuse(key, A_STRING);
        return Optional.empty();
    }

    /** For a key that must make sense, but has no effect in this version. */
    void checkText(String key) {
        if (!(raw(key) instanceof String) && raw(key) != null) {
            refuse(key, A_STRING);
        }
    }

    /** For a key that may have one value only. */
    void checkWord(String key, String word, String allowed) {
        Object value = raw(key);
        if (value != null && !value.equals(word)) {
            refuse(key, allowed);
        }
    }

    /** A text that no error line may show. */
    Optional<String> secret(String key) {
        Object value = raw(key);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value).filter(text -> !text.isEmpty());
        }
        problems.add(pathOf(key), Problems.kind(value), A_STRING);
        return Optional.empty();
    }

    boolean flag(String key, boolean fallback) {
        Object value = raw(key);
        if (value == null || value instanceof Boolean) {
            return value == null ? fallback : (Boolean) value;
        }
        refuse(key, "true or false");
        return fallback;
    }

    int number(String key, int least, int most, int fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer number && number >= least && number <= most) {
            return number;
        }
        refuse(key, "a whole number from " + least + " to " + most);
        return fallback;
    }

    /** A number of seconds, where 0 or less stands for the default. */
    long secondsOr(String key, long fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        if (value instanceof Integer || value instanceof Long) {
            long seconds = ((Number) value).longValue();
            if (seconds <= MOST_SECONDS) {
                return seconds <= 0 ? fallback : seconds;
            }
        }
        refuse(key, "a whole number of seconds up to " + MOST_SECONDS + "; 0 or less is the default");
        return fallback;
    }

    Duration duration(String key, Duration least, Duration most, Duration fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        Optional<Duration> duration =
                Units.duration(value).filter(d -> d.compareTo(least) >= 0 && d.compareTo(most) <= 0);
        if (duration.isEmpty()) {
            String range = ", from " + Units.written(least) + " to " + Units.written(most);
            refuse(key, Units.DURATION_FORM + range);
        }
        return duration.orElse(fallback);
    }

    long size(String key, long least, long most, long fallback) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        Optional<Long> size = Units.size(value).filter(bytes -> bytes >= least && bytes <= most);
        if (size.isEmpty()) {
            refuse(key, Units.SIZE_FORM + ", from " + least + " to " + most + " bytes");
        }
        return size.orElse(fallback);
    }

    /** One of a few words, each with its meaning. */
    <T> T oneOf(String key, Map<String, T> meanings, T fallback) {
        return oneOf(key, meanings, fallback, "");
    }

    /** The same, with a remark for who chose another word. */
    <T> T oneOf(String key, Map<String, T> meanings, T fallback, String remark) {
        Object value = raw(key);
        if (value == null) {
            return fallback;
        }
        T meaning = value instanceof String text ? meanings.get(text) : null;
        if (meaning == null) {
            refuse(key, String.join(", ", new TreeMap<>(meanings).keySet()) + remark);
            return fallback;
        }
        return meaning;
    }

    /** Whether there is an object under a key; anything else that is there is noted. */
    boolean holdsObject(String key) {
        Object value = raw(key);
        if (value != null && !(value instanceof JsonObject)) {
            refuse(key, "an object");
        }
        return value instanceof JsonObject;
    }

    /** The object under a key; an empty one when absent. */
    Section section(String key) {
        JsonObject object = holdsObject(key) ? json.getJsonObject(key) : new JsonObject();
        return new Section(problems, pathOf(key), object);
    }

    /** The objects of the array under a key; none when absent. */
    List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        JsonArray array = array(key, "an array of objects");
        for (int i = 0; i < array.size(); i++) {
            String place = pathOf(key) + "[" + i + "]";
            if (array.getValue(i) instanceof JsonObject object) {
                sections.add(new Section(problems, place, object));
            } else {
                problems.add(place, Problems.shown(array.getValue(i)), "an object");
            }
        }
        return sections;
    }

    /** The texts of the array under a key; none when absent. */
    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        JsonArray array = array(key, "an array of strings");
        for (int i = 0; i < array.size(); i++) {
            if (array.getValue(i) instanceof String text) {
                texts.add(text);
            } else {
                problems.add(pathOf(key) + "[" + i + "]", Problems.shown(array.getValue(i)), A_STRING);
            }
        }
        return texts;
    }

    private JsonArray array(String key, String allowed) {
        Object value = raw(key);
        if (value instanceof JsonArray array) {
            return array;
        }
        if (value != null) {
            refuse(key, allowed);
        }
        return new JsonArray();
    }

    /** Notes every key that nobody asked for. */
    @Override
    public void close() {
        for (String key : json.fieldNames()) {
            if (!known.contains(key)) {
                problems.add(pathOf(key), "an unknown key", String.join(", ", known));
            }
        }
    }
}
