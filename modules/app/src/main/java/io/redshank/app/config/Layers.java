package io.redshank.app.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * How the built-in configuration and the user's files become one: objects are merged key by key, everything else is replaced.
 * Two rules make the built-in hooks useful with other pools. A file that defines a pool loses the built-in one, and when it
 * defines exactly one, under another name, the built-in entries of hooks that the files do not mention work on that one.
 */
final class Layers {
    private static final String DEFAULT_POOL = "pool1";
    private static final Set<String> NOT_POOLS = Set.of("msg", "hook");

    private Layers() {}

    /** Whether this key under backend.redis names a pool. */
    static boolean isPool(String key) {
        return !NOT_POOLS.contains(key);
    }

    /** A new tree; neither argument is changed. */
    static JsonObject merge(JsonObject builtIn, List<JsonObject> files) {
        JsonObject user = new JsonObject();
        files.forEach(file -> user.mergeIn(file.copy(), true));
        JsonObject base = builtIn.copy();
        List<String> pools = pools(redis(user));
        if (!pools.isEmpty()) {
            pools(redis(base)).forEach(redis(base)::remove);
            if (pools.size() == 1) {
                renamePool(hooks(base), pools.get(0));
            }
        }
        return base.mergeIn(user, true);
    }

    private static void renamePool(JsonObject hooks, String pool) {
        for (String hook : hooks.fieldNames()) {
            for (Object entry : hooks.getJsonArray(hook, new JsonArray())) {
                if (entry instanceof JsonObject object && DEFAULT_POOL.equals(object.getValue("pool"))) {
                    object.put("pool", pool);
                }
            }
        }
    }

    private static List<String> pools(JsonObject redis) {
        return redis.fieldNames().stream().filter(Layers::isPool).toList();
    }

    private static JsonObject redis(JsonObject root) {
        return child(child(root, "backend"), "redis");
    }

    private static JsonObject hooks(JsonObject root) {
        return child(redis(root), "hook");
    }

    /** The object under a key; an empty one, outside the tree, when there is none. */
    private static JsonObject child(JsonObject parent, String key) {
        return parent.getValue(key) instanceof JsonObject object ? object : new JsonObject();
    }
}
