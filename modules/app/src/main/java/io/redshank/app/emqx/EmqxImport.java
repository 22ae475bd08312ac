package io.redshank.app.emqx;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * What an {@code emqx_backend_redis.conf} becomes.
 *
 * @param configuration complete, and accepted by our parser
 * @param remarks what could not be carried over as it stood, one line each
 * @param empty whether nothing could
 */
public record EmqxImport(JsonObject configuration, List<String> remarks, boolean empty) {
    private static final String OLD_KEYS = "EMQ 2.x kept its data under other keys (mqtt:state:${clientid},"
            + " mqtt:client:${node}, mqtt:message:..., mqtt:subscription:...): what is stored there is not read;"
            + " only mqtt:retain:... and mqtt:acked:... have the same names";

    public EmqxImport {
        remarks = List.copyOf(remarks);
    }

    /** Reads a file of any version from 2.0 to 4.4. */
    public static EmqxImport of(String file) {
        Remarks remarks = new Remarks();
        PoolImport pools = new PoolImport(remarks);
        HookImport hooks = new HookImport(remarks);
        JsonObject msg = new JsonObject();
        for (EmqxLine line : EmqxLine.parse(file, remarks)) {
            sort(line, pools, hooks, msg, remarks);
        }
        pools.settle();
        hooks.requirePools(pools);
        if (hooks.isOldVersion()) {
            remarks.add(OLD_KEYS);
        }
        Map<String, JsonObject> made = pools.made();
        JsonObject redis = new JsonObject();
        made.forEach(redis::put);
        redis.put("msg", msg).put("hook", hooks.made(made.keySet()));
        boolean empty = made.isEmpty() && msg.isEmpty() && hooks.isEmpty();
        return new EmqxImport(
                new JsonObject().put("backend", new JsonObject().put("redis", redis)), remarks.lines(), empty);
    }

    /** Gives one line to whom it concerns. */
    private static void sort(EmqxLine line, PoolImport pools, HookImport hooks, JsonObject msg, Remarks remarks) {
        List<String> words = line.words();
        boolean ours = words.size() > 2 && words.subList(0, 2).equals(List.of("backend", "redis"));
        List<String> rest = ours ? words.subList(2, words.size()) : List.of();
        if (rest.size() == 4 && rest.get(0).equals("hook")) {
            hooks.addHook(rest.get(1) + "." + rest.get(2), rest.get(3), line);
        } else if (rest.size() == 2 && rest.get(0).equals("rule")) {
            hooks.addRule(rest.get(1), line);
        } else if (rest.equals(List.of("msg", "expired_after"))) {
            expiredAfter(line, msg, remarks);
        } else if (rest.size() == 1 && PoolImport.isSetting(rest.get(0))) {
            pools.addWithoutPool(rest.get(0), line);
        } else if (rest.size() == 2
                && PoolImport.isSetting(rest.get(1))
                && !rest.get(0).equals("msg")) {
            pools.add(rest.get(0), rest.get(1), line);
        } else if (rest.size() == 3 && rest.get(1).equals("ssl") && PoolImport.isSetting(rest.get(2))) {
            pools.add(rest.get(0), rest.get(2), line);
        } else {
            remarks.add(line, ours ? "there is no such setting here" : "not a setting of the Redis backend");
        }
    }

    private static void expiredAfter(EmqxLine line, JsonObject msg, Remarks remarks) {
        JsonObject candidate = new JsonObject().put("expired_after", Numbers.orText(line.value()));
        Judge.objectionToMsg(candidate)
                .ifPresentOrElse(objection -> remarks.add(line, objection), () -> msg.mergeIn(candidate));
    }
}
