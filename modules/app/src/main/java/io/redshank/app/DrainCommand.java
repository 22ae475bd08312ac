package io.redshank.app;

import io.redshank.admin.NodeDrain;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.PoolSettings;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.NodeName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Has a node that runs, here or elsewhere, leave in order, and waits until it has. */
@Command(
        description = "Has a node that runs leave in order, and waits until it has left.",
        footer = {
            "",
            "The node is told through Redis, wherever it runs, and does what SIGTERM has it",
            "do: it lets nobody in, sends its clients away at node.drain_rate, and ends.",
            "Exits with 0 when it has left, 1 if it has not, 2 if it cannot be told."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DrainCommand implements Callable<Integer> {
    /** What a node may need beside the time in which it sends its clients away. */
    private static final Duration MORE = Duration.ofSeconds(60);

    private final Path workingDirectory;
    private final Map<String, String> environment;

    @Mixin
    private Operation operation = new Operation();

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "The node's name; without it, that of the configuration.")
    private @Nullable String node;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            description = "How long to wait; without it, node.drain_within and a minute.")
    private @Nullable Integer within;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable RunCommand before;

    DrainCommand(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    @Override
    public Integer call() throws TimeoutException {
        if (within != null && within < 1) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--within needs seconds, at least 1");
        }
        try {
            return drain(node == null ? null : new NodeName(node));
        } catch (MalformedMqttException malformed) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(malformed.getMessage()));
        }
    }

    private int drain(@Nullable NodeName named) throws TimeoutException {
        PrintWriter out = spec.commandLine().getOut();
        return operation.run(spec.commandLine(), before, workingDirectory, environment, (site, configuration) -> {
            boolean redisEndsToo = configuration.backend().usedPools().stream().anyMatch(PoolSettings::isEmbedded);
            String failure = site.work(access -> new NodeDrain(
                            access.vertx(),
                            access.options(),
                            access.links(),
                            patience(configuration),
                            redisEndsToo,
                            line -> operation.print(line, out))
                    .drain(named == null ? configuration.node().name() : named));
            if (failure == null) {
                return CommandLine.ExitCode.OK;
            }
            spec.commandLine().getErr().println("redshank: " + failure);
            return Operation.FINDINGS;
        });
    }

    private Duration patience(Configuration configuration) {
        return within == null ? configuration.node().drainWithin().plus(MORE) : Duration.ofSeconds(within);
    }
}
