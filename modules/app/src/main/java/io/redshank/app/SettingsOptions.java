package io.redshank.app;

import io.redshank.app.config.Configuration;
import io.redshank.app.config.ConfigurationSources;
import io.redshank.app.config.InvalidConfigurationException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options by which commands are told the configuration of a node. */
final class SettingsOptions {
    private static final int LOAD_SECONDS = 30;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            description = "A JSON file with settings; repeatable, later ones win.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description = "One setting, for example mqtt.listeners[0].port=1884; the value is JSON, or a bare string.")
    private List<String> assignments = new ArrayList<>();

    /** Takes in the options that stood before the name of the command. */
    void takeOver(SettingsOptions earlier) {
        files.addAll(0, earlier.files);
        assignments.addAll(0, earlier.assignments);
    }

    /** The configuration. Waits, which the process's first thread may: it is no event loop. */
    Configuration load(CommandLine command, Path workingDirectory, Map<String, String> environment)
            throws InvalidConfigurationException, TimeoutException {
        for (String assignment : assignments) {
            if (assignment.indexOf('=') <= 0) {
                throw new CommandLine.ParameterException(
                        command, "--set needs PATH=VALUE, and not '" + assignment + "'");
            }
        }
        Vertx vertx = Vertx.vertx();
        try {
            return new ConfigurationSources(workingDirectory, files, environment, assignments)
                    .load(vertx)
                    .await(LOAD_SECONDS, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(LOAD_SECONDS, TimeUnit.SECONDS);
        }
    }
}
