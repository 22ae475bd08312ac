package io.redshank.app;

import io.redshank.app.config.Configuration;
import io.redshank.app.config.InvalidConfigurationException;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
    private static final Logger log = LoggerFactory.getLogger(RunCommand.class);

    private final Path workingDirectory;
    private final Map<String, String> environment;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

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
        try {
            Configuration configuration = settings.load(spec.commandLine(), workingDirectory, environment);
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

    /** Starts a node that runs until it, or the process, is told to end, and is then stopped in order. */
    private void run(Configuration configuration) throws NodeStartException {
        Promise<Void> leaveOrdered = Promise.promise();
        Node node = Node.start(configuration, leaveOrdered::tryComplete);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "stop"));
        spec.commandLine().getOut().println(node.readyLine());
        leaveOrdered.future().onSuccess(ordered -> leave(configuration));
    }

    /** As if the process had been told to end. Not on this thread, an event loop, which is needed for that. */
    private static void leave(Configuration configuration) {
        log.info(
                "Leaving, as an operator has ordered [node={}]",
                configuration.node().name());
        new Thread(() -> System.exit(CommandLine.ExitCode.OK), "leave").start();
    }

    /** The end of a process that was told to end: in order, and so with exit code 0 where a JVM's own would be 143. */
    private static void stop(Node node) {
        node.close();
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }

    /** Options may also stand before the word "run". */
    private void takeOver(RunCommand earlier) {
        settings.takeOver(earlier.settings);
        check |= earlier.check;
    }

    /** The settings that stand here. */
    SettingsOptions settings() {
        return settings;
    }
}
