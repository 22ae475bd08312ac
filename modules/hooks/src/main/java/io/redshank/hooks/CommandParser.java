package io.redshank.hooks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Splits a command line into fields and checks that it may run on a connection that others share. */
final class CommandParser {
    /* Commands that turn a connection into something else, or stop it for whoever comes next on it. */
    private static final Set<String> UNFIT = Set.of(
            "SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE MULTI EXEC DISCARD WATCH UNWATCH "
                    .concat("BLPOP BRPOP BRPOPLPUSH BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP WAIT WAITAOF MONITOR ")
                    .concat("SELECT AUTH HELLO RESET QUIT SHUTDOWN CLIENT SYNC PSYNC REPLCONF DEBUG REPLICAOF ")
                    .concat("SLAVEOF FAILOVER READONLY READWRITE ASKING")
                    .split(" "));
    private static final Set<String> UNFIT_WITH_BLOCK = Set.of("XREAD", "XREADGROUP");

    private final Hook hook;
    private final boolean bareWords;
    private final List<String> words;

    CommandParser(Hook hook, String line, boolean bareWords) {
        this.hook = hook;
        this.bareWords = bareWords;
        this.words =
                Arrays.stream(line.split(" ")).filter(word -> !word.isEmpty()).toList();
    }

    String commandName() throws InvalidCommandException {
        if (words.isEmpty()) {
            throw new InvalidCommandException(
                    "found no command", "allowed is a Redis command and its arguments, split by one space");
        }
        String name = words.get(0);
        String upper = name.toUpperCase(Locale.ROOT);
        if (!name.chars().allMatch(c -> c > ' ' && c < 127) || name.contains("${")) {
            throw new InvalidCommandException(
                    "found '" + name + "' as the command", "allowed is the name of a Redis command");
        }
        if (UNFIT.contains(upper)) {
            throw new InvalidCommandException(
                    "found " + upper, "allowed are commands that leave a connection as it is");
        }
        if (UNFIT_WITH_BLOCK.contains(upper) && words.stream().anyMatch("BLOCK"::equalsIgnoreCase)) {
            throw new InvalidCommandException("found " + upper + " with BLOCK", "allowed is " + upper + " without it");
        }
        return name;
    }

    List<CommandField> fields() throws InvalidCommandException {
        List<CommandField> fields = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            fields.add(field(words.get(i)));
        }
        return fields;
    }

    private CommandField field(String word) throws InvalidCommandException {
        Variable bare = bareWords ? Variable.find(word, hook.variables()) : null;
        if (bare != null) {
            return of(bare);
        }
        List<CommandField> parts = parts(word);
        if (parts.size() == 1) {
            return parts.get(0);
        }
        for (CommandField part : parts) {
            if (part instanceof CommandField.WholeMessage) {
                throw new InvalidCommandException(
                        "found ${message} inside '" + word + "'", "allowed is ${message} as a field of its own");
            }
        }
        return new CommandField.Joined(List.copyOf(parts));
    }

    private List<CommandField> parts(String word) throws InvalidCommandException {
        List<CommandField> parts = new ArrayList<>();
        int at = 0;
        while (at < word.length()) {
            int open = word.indexOf("${", at);
            if (open < 0) {
                parts.add(literal(word.substring(at)));
                break;
            }
            if (open > at) {
                parts.add(literal(word.substring(at, open)));
            }
            int close = word.indexOf('}', open);
            if (close < 0) {
                throw new InvalidCommandException("found '" + word.substring(open) + "' without its }", allowed());
            }
            parts.add(of(variable(word.substring(open + 2, close))));
            at = close + 1;
        }
        return parts;
    }

    private Variable variable(String name) throws InvalidCommandException {
        @Nullable Variable variable = Variable.find(name, hook.variables());
        if (variable == null) {
            throw new InvalidCommandException("found ${" + name + "}", allowed());
        }
        return variable;
    }

    private String allowed() {
        return "allowed under " + hook.configName() + ": " + Variable.list(hook.variables());
    }

    private static CommandField literal(String text) {
        return new CommandField.Literal(text, HookVariables.utf8(text));
    }

    private static CommandField of(Variable variable) {
        return variable == Variable.MESSAGE ? new CommandField.WholeMessage() : new CommandField.Single(variable);
    }
}
