package io.redshank.app;

import io.redshank.app.config.Configuration;
import io.redshank.app.config.ConfigurationSources;
import io.redshank.app.config.InvalidConfigurationException;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Reads the configuration and runs a node with it, or only says whether it could. */
@Command(
        description = "Runs one node of Redshank, an MQTT broker that keeps its state in Redis.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "Settings come from, each overriding the one before:",
            "  the built-in configuration,",
            "  the --conf files, or conf/redshank.json if there is one,",
            "  environment variables: REDSHANK_NODE__NAME for node.name, or with",
            "  _FILE at its end the name of a file that holds the value,",
            "  --set.",
            "REDSHANK_LOG_LEVEL sets the log level."
        })
final class RunCommand implements Callable<Integer> {
    private static final int LOAD_SECONDS = 30;

    private final Path workingDirectory;
    private final Map<String, String> environment;

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

    @Option(names = "--check", description = "Check the configuration and exit; needs no Redis.")
    private boolean check;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable RunCommand before;

    RunCommand(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    @Override
    public Integer call() throws TimeoutException {
        if (before != null) {
            takeOver(before);
        }
        for (String assignment : assignments) {
            if (assignment.indexOf('=') <= 0) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "--set needs PATH=VALUE, and not '" + assignment + "'");
            }
        }
        try {
            Configuration configuration = load();
            if (check) {
                spec.commandLine().getOut().println("configuration is valid: " + configuration.summary());
            } else {
                run(configuration);
            }
            return CommandLine.ExitCode.OK;
        } catch (NodeStartException failed) {
            spec.commandLine().getErr().println("redshank: " + failed.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (InvalidConfigurationException invalid) {
            invalid.lines().forEach(spec.commandLine().getErr()::println);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Starts a node that runs until the process is told to end, and is then stopped in order. */
    private void run(Configuration configuration) throws NodeStartException {
        Node node = Node.start(configuration);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "stop"));
        spec.commandLine().getOut().println(node.readyLine());
    }

    /** The end of a process that was told to end: in order, and so with exit code 0 where a JVM's own would be 143. */
    private static void stop(Node node) {
        node.close();
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }

    /** Options may also stand before the word "run". */
    private void takeOver(RunCommand earlier) {
        files.addAll(0, earlier.files);
        assignments.addAll(0, earlier.assignments);
        check |= earlier.check;
    }

    /** Waits, which this thread may: it is the process's first, and no event loop. */
    private Configuration load() throws InvalidConfigurationException, TimeoutException {
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
