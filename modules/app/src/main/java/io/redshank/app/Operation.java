package io.redshank.app;

import io.redshank.admin.Statement;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.InvalidConfigurationException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands of operators have in common: where they are told to work, how they print, and how they end. */
final class Operation {
    /** Something is wrong. */
    static final int FINDINGS = 1;
    /** Not asked properly, or there is nobody to ask. */
    static final int UNAVAILABLE = 2;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--json", description = "Print one JSON object a line, for programs.")
    private boolean json;

    /** What a command does once it is known where; answers the exit code. */
    interface Work {
        int at(Site site, Configuration configuration) throws NodeStartException;
    }

    int run(
            CommandLine command,
            @Nullable RunCommand before,
            Path workingDirectory,
            Map<String, String> environment,
            Work work)
            throws TimeoutException {
        if (before != null) {
            settings.takeOver(before.settings());
        }
        try {
            Configuration configuration = settings.load(command, workingDirectory, environment);
            try (Site site = Site.open(configuration)) {
                return work.at(site, configuration);
            }
        } catch (NodeStartException failed) {
            command.getErr().println("redshank: " + failed.getMessage());
            return UNAVAILABLE;
        } catch (InvalidConfigurationException invalid) {
            invalid.lines().forEach(command.getErr()::println);
            return UNAVAILABLE;
        }
    }

    boolean isJson() {
        return json;
    }

    void print(Statement statement, PrintWriter out) {
        if (json) {
            JsonObject line = new JsonObject().put("about", statement.about()).put("words", statement.words());
            out.println(line.mergeIn(statement.fields()).encode());
        } else {
            out.println(statement.about() + ": " + oneLine(statement.words()));
        }
    }

    /** Text that anybody may have written, so that it stays one word on one line: as it is, or else as JSON has it. */
    static String word(String text) {
        boolean plain = !text.isEmpty()
                && text.chars().noneMatch(c -> c == '"' || Character.isWhitespace(c) || Character.isISOControl(c));
        return plain ? text : Json.encode(text);
    }

    static String oneLine(String text) {
        return text.chars().anyMatch(Character::isISOControl) ? text.replaceAll("\\p{Cntrl}", "?") : text;
    }
}
