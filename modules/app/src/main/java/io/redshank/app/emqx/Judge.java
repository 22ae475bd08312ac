package io.redshank.app.emqx;

import io.redshank.app.config.Configuration;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Asks our own parser whether it takes a piece of a backend's configuration. */
final class Judge {
    private static final JsonObject MQTT =
            new JsonObject().put("listeners", new JsonArray().add(new JsonObject().put("host", "127.0.0.1")));
    private static final JsonObject SOME_POOL = new JsonObject().put("server", "127.0.0.1");

    private Judge() {}

    /** Why a pool will not do; absent if it will. */
    static Optional<String> objectionToPool(JsonObject pool) {
        return objection(new JsonObject().put("pool", pool));
    }

    /** Why an entry will not do under this hook, whatever its pool; absent if it will. */
    static Optional<String> objectionToEntry(String hook, JsonObject entry) {
        JsonObject anyPool = entry.copy();
        anyPool.remove("pool");
        JsonObject hooks = new JsonObject().put(hook, new JsonArray().add(anyPool));
        return objection(new JsonObject().put("pool", SOME_POOL.copy()).put("hook", hooks));
    }

    /** Why the section msg will not do; absent if it will. */
    static Optional<String> objectionToMsg(JsonObject msg) {
        return objection(new JsonObject().put("msg", msg));
    }

    /** The parser's words without the path, which is not one of the file that is imported. */
    private static Optional<String> objection(JsonObject redis) {
        JsonObject whole =
                new JsonObject().put("mqtt", MQTT.copy()).put("backend", new JsonObject().put("redis", redis));
        List<String> lines = Configuration.problemsIn(whole).stream()
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", lines));
    }
}
