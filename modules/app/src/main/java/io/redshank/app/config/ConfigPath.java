package io.redshank.app.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of one value, for example {@code mqtt.listeners[0].port}. The names of hooks hold a dot of their own: the two words
 * behind {@code backend.redis.hook} are one key.
 */
record ConfigPath(List<Step> steps) {
    private static final Pattern WORD = Pattern.compile("([^\\[\\]]+)((?:\\[\\d{1,6}])*)");
    private static final Pattern INDEX = Pattern.compile("\\[(\\d+)]");
    private static final List<String> HOOKS = List.of("backend", "redis", "hook");

    /** Down into an object or an array. */
    sealed interface Step permits Key, Index {}

    /** Into an object. */
    record Key(String name) implements Step {}

    /** Into an array. */
    record Index(int index) implements Step {}

    /** Absent if the text is not a path. */
    static Optional<ConfigPath> parse(String text) {
        List<Step> steps = new ArrayList<>();
        List<String> words = List.of(text.split("\\.", -1));
        for (int i = 0; i < words.size(); i++) {
            boolean hook = i == HOOKS.size() && words.subList(0, i).equals(HOOKS) && words.size() > i + 1;
            String word = hook ? words.get(i) + "." + words.get(++i) : words.get(i);
            Matcher matcher = WORD.matcher(word);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            steps.add(new Key(matcher.group(1)));
            Matcher index = INDEX.matcher(matcher.group(2));
            while (index.find()) {
                steps.add(new Index(Integer.parseInt(index.group(1))));
            }
        }
        return Optional.of(new ConfigPath(List.copyOf(steps)));
    }

    /** The key that holds the value; for an element of an array, the array's. */
    String lastKey() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i) instanceof Key key) {
                return key.name();
            }
        }
        return "";
    }

    /** Puts a value here, making the objects on the way that are missing; what cannot be is noted as a problem. */
    void put(JsonObject root, @Nullable Object value, Problems problems) {
        Object parent = root;
        for (int i = 0; i < steps.size(); i++) {
            boolean last = i == steps.size() - 1;
            Object child = last ? value : child(parent, steps.get(i), steps.get(i + 1));
            if (!store(parent, steps.get(i), child)) {
                problems.add(upTo(i), Problems.shown(parent), allowedIn(parent, steps.get(i)));
                return;
            }
            parent = child == null ? root : child;
        }
    }

    private static Object child(Object parent, Step step, Step next) {
        Object child = null;
        if (parent instanceof JsonObject object && step instanceof Key key) {
            child = object.getValue(key.name());
        } else if (parent instanceof JsonArray array && step instanceof Index at && at.index() < array.size()) {
            child = array.getValue(at.index());
        }
        if (child != null) {
            return child;
        }
        return next instanceof Key ? new JsonObject() : new JsonArray();
    }

    private static boolean store(Object parent, Step step, @Nullable Object child) {
        if (parent instanceof JsonObject object && step instanceof Key key) {
            object.put(key.name(), child);
            return true;
        }
        if (parent instanceof JsonArray array && step instanceof Index at && at.index() <= array.size()) {
            if (at.index() == array.size()) {
                array.add(child);
            } else {
                array.set(at.index(), child);
            }
            return true;
        }
        return false;
    }

    private static String allowedIn(Object parent, Step step) {
        if (step instanceof Key) {
            return "an object";
        }
        return parent instanceof JsonArray array ? "an index from 0 to " + array.size() : "an array";
    }

    /** The first steps, as they are written. */
    private String upTo(int end) {
        StringBuilder text = new StringBuilder();
        for (Step step : steps.subList(0, end)) {
            if (step instanceof Index at) {
                text.append('[').append(at.index()).append(']');
            } else if (step instanceof Key key) {
                text.append(text.isEmpty() ? "" : ".").append(key.name());
            }
        }
        return text.toString();
    }
}
