package io.redshank.app.emqx;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the lines about pools, then makes pools of them. */
final class PoolImport {
    private static final String FIRST_POOL = "pool1";
    private static final String SENTINEL = "sentinel";
    private static final String DEFAULT_SERVER = "127.0.0.1:6379"; // the original's
    private static final Set<String> NUMBERS = Set.of("pool_size", "database");
    private static final Set<String> TEXTS =
            Set.of("type", "server", SENTINEL, "username", "password", "channel", "query_timeout");
    private static final Set<String> TLS_FILES = Set.of("cafile", "certfile", "keyfile");
    private static final Map<String, Boolean> SWITCH = Map.of("on", true, "true", true, "off", false, "false", false);

    private final Remarks remarks;
    private final Map<String, Map<String, EmqxLine>> pools = new LinkedHashMap<>();
    private final Map<String, EmqxLine> withoutPool = new LinkedHashMap<>();

    PoolImport(Remarks remarks) {
        this.remarks = remarks;
    }

    static boolean isSetting(String name) {
        return NUMBERS.contains(name) || TEXTS.contains(name) || TLS_FILES.contains(name) || name.equals("ssl");
    }

    void add(String pool, String setting, EmqxLine line) {
        EmqxLine before =
                pools.computeIfAbsent(pool, name -> new LinkedHashMap<>()).put(setting, line);
        noteTwice(before);
    }

    /** A line such as {@code backend.redis.server}, as some versions of the original's manual have it. */
    void addWithoutPool(String setting, EmqxLine line) {
        noteTwice(withoutPool.put(setting, line));
    }

    private void noteTwice(@Nullable EmqxLine before) {
        if (before != null) {
            remarks.add(before, "given again below, which counts");
        }
    }

    /** A pool for an entry that names none, if the file defines none at all. */
    void requireAny(EmqxLine by) {
        if (pools.isEmpty()) {
            require(FIRST_POOL, by);
        }
    }

    /** A pool that hooks name and the file does not define gets the original's defaults. */
    void require(String pool, EmqxLine by) {
        if (!pools.containsKey(pool)) {
            pools.put(pool, new LinkedHashMap<>());
            remarks.add(by, "pool " + pool + " is not defined; written with the server " + DEFAULT_SERVER);
        }
    }

    /** Ends the collecting: settles what stands without a pool's name. */
    void settle() {
        if (withoutPool.isEmpty()) {
            return;
        }
        if (pools.size() > 1 && !pools.containsKey(FIRST_POOL)) {
            withoutPool.values().forEach(line -> remarks.add(line, "names no pool, and there are several"));
            return;
        }
        String pool = pools.isEmpty() || pools.containsKey(FIRST_POOL)
                ? FIRST_POOL
                : pools.keySet().iterator().next();
        Map<String, EmqxLine> settings = pools.computeIfAbsent(pool, name -> new LinkedHashMap<>());
        boolean sentinels = withoutPool.containsKey(SENTINEL) && withoutPool.containsKey("server");
        withoutPool.forEach((setting, line) -> {
            EmqxLine there = settings.get(setting);
            if (there == null || sentinels && setting.equals("server")) {
                settings.put(setting, line);
                remarks.add(line, "names no pool; taken as backend.redis." + pool + "." + setting);
                if (there != null) {
                    remarks.add(there, "replaced by the sentinels of line " + line.number());
                }
            } else {
                remarks.add(line, "names no pool, and line " + there.number() + " says the same of " + pool);
            }
        });
    }

    Map<String, JsonObject> made() {
        Map<String, JsonObject> made = new LinkedHashMap<>();
        pools.forEach((name, lines) -> made.put(name, pool(name, lines)));
        return made;
    }

    private JsonObject pool(String name, Map<String, EmqxLine> lines) {
        JsonObject pool = new JsonObject().put("type", "single").put("server", DEFAULT_SERVER);
        type(pool, lines);
        server(name, pool, lines);
        lines.forEach((setting, line) -> {
            if (!List.of("type", "server", SENTINEL).contains(setting)
                    && !line.value().isEmpty()) {
                putIfAccepted(pool, setting, line);
            }
        });
        return pool;
    }

    /** The English manual knows no type: there, the name of a master makes the difference. */
    private void type(JsonObject pool, Map<String, EmqxLine> lines) {
        EmqxLine type = lines.get("type");
        EmqxLine master = lines.get("sentinel");
        String kind = type == null ? "" : type.value();
        if (master != null && !master.value().isEmpty()) {
            if (kind.isEmpty() || kind.equals(SENTINEL)) {
                pool.put("type", SENTINEL).put(SENTINEL, master.value());
                return;
            }
            remarks.add(master, "left out, as the type is " + kind);
        }
        if (kind.equals("cluster")) {
            pool.put("type", "cluster");
        } else if (type != null && !kind.equals("single")) {
            String why = kind.equals(SENTINEL) ? "no sentinel names the master" : "there is no such type here";
            remarks.add(type, why + "; written as single with the first server, which must then hold every key");
        }
    }

    private void server(String name, JsonObject pool, Map<String, EmqxLine> lines) {
        EmqxLine line = lines.get("server");
        if (line == null) {
            if (!lines.isEmpty()) {
                remarks.add("backend.redis." + name + ".server: not given; written as " + DEFAULT_SERVER);
            }
            return;
        }
        boolean single = pool.getString("type").equals("single");
        String server = single ? line.value().split(",", 2)[0].strip() : line.value();
        if (!server.equals(line.value())) {
            remarks.add(line, "several servers; only the first is kept");
        }
        JsonObject candidate = pool.copy().put("server", server);
        Judge.objectionToPool(candidate)
                .ifPresentOrElse(
                        objection -> remarks.add(line, objection + "; written as " + DEFAULT_SERVER),
                        () -> pool.put("server", server));
    }

    private void putIfAccepted(JsonObject pool, String setting, EmqxLine line) {
        Object value = valueOf(setting, line.value());
        if (setting.equals("ssl") && Boolean.TRUE.equals(value)) {
            remarks.add(
                    line, "the name in the server's certificate is checked, too, unless \"verify_hostname\" is false");
        }
        JsonObject candidate = pool.copy().put(setting, value);
        if (Boolean.TRUE.equals(candidate.getValue("ssl"))) {
            candidate.put("ssl", false); // its files need not be on this machine
        }
        Judge.objectionToPool(candidate)
                .ifPresentOrElse(objection -> remarks.add(line, objection), () -> pool.put(setting, value));
    }

    private static Object valueOf(String setting, String text) {
        if (setting.equals("ssl")) {
            return SWITCH.containsKey(text) ? SWITCH.get(text) : text;
        }
        return NUMBERS.contains(setting) ? Numbers.orText(text) : text;
    }
}
