package io.redshank.app.config;

import io.redshank.hooks.Action;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.CommandTemplate;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.hooks.InvalidCommandException;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the hook table of a configuration. */
final class HookEntryReader {
    private static final String PIPELINE = "pipeline";

    private final Set<String> pools;
    private final long expiredAfter;
    private final LogWindow firstFetch;
    private final Retention retention;
    private final boolean bareWords;

    HookEntryReader(
            Set<String> pools, long expiredAfter, LogWindow firstFetch, Retention retention, boolean bareWords) {
        this.pools = new TreeSet<>(pools);
        this.expiredAfter = expiredAfter;
        this.firstFetch = firstFetch;
        this.retention = retention;
        this.bareWords = bareWords;
    }

    HookTable read(Section table) {
        List<HookEntry> entries = new ArrayList<>();
        for (String name : table.keys()) {
            Optional<Hook> hook = Hook.named(name);
            if (hook.isEmpty()) {
                table.problems().add(table.pathOf(name), "an unknown hook", hookNames());
                continue;
            }
            for (Section entry : table.sections(name)) {
                entry(hook.get(), entry).ifPresent(entries::add);
            }
        }
        return new HookTable(entries);
    }

    /** Absent if something essential is wrong with it, which is noted. */
    private Optional<HookEntry> entry(Hook hook, Section entry) {
        try (entry) {
            TopicFilter topic = topic(hook, entry);
            Optional<Action> action = action(hook, entry);
            String pool = pool(entry);
            long expired = entry.secondsOr("expired_time", expiredAfter);
            return action.map(known -> new HookEntry(
                    entry.path(),
                    hook,
                    topic,
                    known,
                    pool,
                    expired,
                    LogRules.fetch(entry, known, firstFetch),
                    LogRules.retention(entry, known, retention)));
        }
    }

    private static @Nullable TopicFilter topic(Hook hook, Section entry) {
        String text = entry.optionalText("topic").orElse(null);
        if (text == null) {
            return null;
        }
        if (!hook.hasTopic()) {
            entry.refuse("topic", "no topic under " + hook.configName());
            return null;
        }
        try {
            return new TopicFilter(text);
        } catch (MalformedMqttException malformed) {
            entry.refuse("topic", "a topic filter (" + malformed.getMessage() + ")");
            return null;
        }
    }

    private Optional<Action> action(Hook hook, Section entry) {
        if (entry.raw("action") == null) {
            entry.refuse("action", "an object with either function or commands");
            return Optional.empty();
        }
        try (Section action = entry.section("action")) {
            boolean function = action.raw("function") != null;
            boolean commands = action.raw("commands") != null;
            if (function == commands) {
                String found = function ? "both function and commands" : "neither function nor commands";
                action.problems().add(action.path(), found, "one of them");
                return Optional.empty();
            }
            return function ? function(hook, action) : commands(hook, action);
        }
    }

    private static Optional<Action> function(Hook hook, Section action) {
        Optional<BackendFunction> function = BackendFunction.named(action.text("function", ""));
        if (function.isEmpty() || !hook.functions().contains(function.get())) {
            action.refuse("function", functionNames(hook));
            return Optional.empty();
        }
        return function.map(FunctionAction::new);
    }

    private Optional<Action> commands(Hook hook, Section action) {
        List<String> lines = action.texts("commands");
        boolean pipeline = !lines.isEmpty() && lines.get(0).equals(PIPELINE);
        List<CommandTemplate> commands = new ArrayList<>();
        for (int i = pipeline ? 1 : 0; i < lines.size(); i++) {
            try {
                commands.add(CommandTemplate.parse(hook, lines.get(i), bareWords));
            } catch (InvalidCommandException invalid) {
                action.problems().add(action.pathOf("commands") + "[" + i + "]", String.valueOf(invalid.getMessage()));
            }
        }
        if (lines.size() <= (pipeline ? 1 : 0)) {
            action.refuse("commands", "an array of at least one Redis command");
        }
        return Optional.of(new CommandsAction(commands, pipeline));
    }

    private String pool(Section entry) {
        Optional<String> name = entry.optionalText("pool");
        if (name.isEmpty() && pools.size() == 1) {
            return pools.iterator().next();
        }
        if (name.isEmpty() || !pools.contains(name.get())) {
            entry.refuse("pool", pools.isEmpty() ? "a pool, and none is defined" : String.join(", ", pools));
        }
        return name.orElse("");
    }

    private static String hookNames() {
        return Arrays.stream(Hook.values()).map(Hook::configName).collect(Collectors.joining(", "));
    }

    private static String functionNames(Hook hook) {
        return hook.functions().isEmpty()
                ? "no function under " + hook.configName() + ", commands only"
                : hook.functions().stream()
                        .map(BackendFunction::configName)
                        .collect(Collectors.joining(", ", "under " + hook.configName() + " ", ""));
    }
}
