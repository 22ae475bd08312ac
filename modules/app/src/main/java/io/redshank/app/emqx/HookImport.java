package io.redshank.app.emqx;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the hook lines of all versions, and the rules of 2.x, then makes our hook table of them. */
final class HookImport {
    private static final Set<String> KNOWN = Set.of("topic", "action", "pool", "expired_time");
    /* 2.x had one function where later versions have one for each way of delivery. */
    private static final Map<String, BackendFunction> OLD = Map.of(
            "on_message_fetch", BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB,
            "on_message_acked", BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB);

    private final Remarks remarks;
    private final Map<Hook, List<Numbered>> entries = new LinkedHashMap<>();
    private boolean oldVersion;

    private record Numbered(int number, EmqxLine line, JsonObject entry) {}

    HookImport(Remarks remarks) {
        this.remarks = remarks;
    }

    /** A line {@code backend.redis.hook.<hook>.<number>}. */
    void addHook(String hookName, String number, EmqxLine line) {
        Optional<Hook> hook = Hook.named(hookName);
        if (hook.isEmpty()) {
            remarks.add(line, "there is no hook " + hookName);
            return;
        }
        JsonObject written = json(line);
        Object position = Numbers.orText(number);
        if (written == null || !(position instanceof Integer order)) {
            remarks.add(line, written == null ? "its value is not a JSON object" : "it does not end in a number");
            return;
        }
        add(hook.get(), new Numbered(order, line, modern(written, line)));
    }

    /** A line {@code backend.redis.rule.<number>} of 2.x, whose function tells the hook. */
    void addRule(String number, EmqxLine line) {
        oldVersion = true;
        JsonObject rule = json(line);
        if (rule == null || !(Numbers.orText(number) instanceof Integer order)) {
            remarks.add(line, rule == null ? "its value is not a JSON object" : "it does not end in a number");
            return;
        }
        JsonObject entry = rule.copy();
        if (entry.getValue("action") instanceof String function) {
            entry.put("action", new JsonObject().put("function", function));
        }
        if (entry.containsKey("filter")) {
            entry.put("topic", entry.remove("filter"));
        }
        JsonObject modern = modern(entry, line);
        Optional<Hook> hook = functionOf(modern).flatMap(HookImport::hookOf);
        if (hook.isEmpty()) {
            remarks.add(line, "there is no such action here");
            return;
        }
        add(hook.get(), new Numbered(order, line, modern));
    }

    private void add(Hook hook, Numbered candidate) {
        EmqxLine line = candidate.line();
        JsonObject entry = candidate.entry();
        for (String key : Set.copyOf(entry.fieldNames())) {
            if (!KNOWN.contains(key)) {
                remarks.add(line, "\"" + key + "\" is not known here and left out");
                entry.remove(key);
            }
        }
        if (!hook.hasTopic() && entry.containsKey("topic")) {
            Object topic = entry.remove("topic");
            if (!"#".equals(topic)) {
                remarks.add(line, hook.configName() + " has no topic; \"" + topic + "\" is left out");
            }
        }
        keepGoodCommands(hook, entry, line);
        Judge.objectionToEntry(hook.configName(), entry)
                .ifPresentOrElse(objection -> remarks.add(line, objection), () -> put(hook, candidate));
    }

    private void put(Hook hook, Numbered candidate) {
        List<Numbered> list = entries.computeIfAbsent(hook, known -> new ArrayList<>());
        list.removeIf(other -> {
            boolean same = other.line().key().equals(candidate.line().key());
            if (same) {
                remarks.add(other.line(), "given again below, which counts");
            }
            return same;
        });
        list.add(candidate);
    }

    /** Takes out single commands that cannot run here, so that the others are kept. */
    private void keepGoodCommands(Hook hook, JsonObject entry, EmqxLine line) {
        if (!(entry.getValue("action") instanceof JsonObject action)
                || !(action.getValue("commands") instanceof JsonArray commands)) {
            return;
        }
        JsonArray good = new JsonArray();
        for (Object command : commands) {
            if ("pipeline".equals(command) && good.isEmpty()) {
                good.add(command);
                continue;
            }
            JsonObject alone =
                    new JsonObject().put("action", new JsonObject().put("commands", new JsonArray().add(command)));
            Judge.objectionToEntry(hook.configName(), alone)
                    .ifPresentOrElse(
                            objection -> remarks.add(line, "command \"" + command + "\": " + objection),
                            () -> good.add(command));
        }
        action.put("commands", good);
    }

    /** The same entry with functions of 2.x replaced. */
    private JsonObject modern(JsonObject entry, EmqxLine line) {
        functionName(entry).filter(OLD::containsKey).ifPresent(old -> {
            oldVersion = true;
            String now = OLD.getOrDefault(old, BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB)
                    .configName();
            entry.getJsonObject("action").put("function", now);
            remarks.add(line, "function " + old + " of 2.x is written as " + now);
        });
        return entry;
    }

    private static Optional<BackendFunction> functionOf(JsonObject entry) {
        return functionName(entry).flatMap(BackendFunction::named);
    }

    private static Optional<String> functionName(JsonObject entry) {
        boolean named =
                entry.getValue("action") instanceof JsonObject action && action.getValue("function") instanceof String;
        return named ? Optional.of(entry.getJsonObject("action").getString("function")) : Optional.empty();
    }

    private static Optional<Hook> hookOf(BackendFunction function) {
        for (Hook hook : Hook.values()) {
            if (hook.functions().contains(function)) {
                return Optional.of(hook);
            }
        }
        return Optional.empty();
    }

    private static @Nullable JsonObject json(EmqxLine line) {
        try {
            return new JsonObject(line.value());
        } catch (DecodeException notJson) {
            return null;
        }
    }

    boolean isOldVersion() {
        return oldVersion;
    }

    boolean isEmpty() {
        return entries.values().stream().allMatch(List::isEmpty);
    }

    /** Tells the pools which of them are needed. */
    void requirePools(PoolImport pools) {
        entries.values()
                .forEach(list -> list.forEach(numbered -> {
                    if (numbered.entry().getValue("pool") instanceof String pool) {
                        pools.require(pool, numbered.line());
                    }
                }));
    }

    /** The whole table: hooks that the file does not mention are off, whatever our defaults are. */
    JsonObject made(Set<String> pools) {
        JsonObject table = new JsonObject();
        for (Hook hook : Hook.values()) {
            JsonArray array = new JsonArray();
            entries.getOrDefault(hook, List.of()).stream()
                    .sorted(Comparator.comparingInt(Numbered::number))
                    .filter(numbered -> hasPool(numbered, pools))
                    .forEach(numbered -> array.add(numbered.entry()));
            table.put(hook.configName(), array);
        }
        return table;
    }

    private boolean hasPool(Numbered numbered, Set<String> pools) {
        boolean has = numbered.entry().getValue("pool") instanceof String || pools.size() == 1;
        if (!has) {
            remarks.add(numbered.line(), "names no pool, and there are several");
        }
        return has;
    }
}
