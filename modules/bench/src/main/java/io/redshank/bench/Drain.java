package io.redshank.bench;

import static io.redshank.bench.CommonOptions.duration;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command that measures how sessions that were away get what came meanwhile. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "N sessions that persist subscribe and leave; a backlog is published to each; all come back for it.")
final class Drain implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--sessions", defaultValue = "1000", description = "The N.")
    private int sessions;

    @Option(names = "--backlog", defaultValue = "10", description = "Messages that wait for each session.")
    private int backlog;

    @Option(names = "--qos", defaultValue = "1", description = "Of publications and subscriptions: 1 or 2.")
    private int qos;

    @Option(
            names = "--filter",
            defaultValue = "exact",
            converter = FilterConverter.class,
            description =
                    "exact: each session subscribes to a topic of its own; wildcard: to all below a level of its own.")
    private DrainFilter filter = DrainFilter.EXACT;

    @Option(names = "--size", defaultValue = "64", description = "Bytes of a payload, at least 24.")
    private int size;

    @Option(
            names = "--window",
            defaultValue = "64",
            description =
                    "Messages of a publisher, of which there are four, that may be sent and not yet acknowledged.")
    private int window;

    @Option(names = "--topic", defaultValue = "bench", description = "What the topics begin with.")
    private String topic = "";

    @Option(names = "--at-once", defaultValue = "500", description = "Connections that may be being opened.")
    private int atOnce;

    @Option(
            names = "--open",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description =
                    "Connections there may be. With more sessions than that, each leaves once it has its backlog;"
                            + " otherwise all stay until the last one has. Default: what this process' limit of open files allows.")
    private int open;

    @Option(names = "--keep", description = "Leave the sessions to the broker; otherwise they are ended.")
    private boolean keep;

    @Option(
            names = "--stall",
            defaultValue = "10",
            description = "Seconds without a sign after which messages are lost.")
    private double stall;

    @Option(names = "--timeout", defaultValue = "900", description = "Seconds after which the run fails.")
    private double timeout;

    @Override
    public Integer call() throws InterruptedException {
        try {
            DrainPlan plan = new DrainPlan(sessions, backlog, qos, filter, size, window, topic);
            int most =
                    spec.commandLine().getParseResult().hasMatchedOption("--open") ? open : OpenFiles.mostConnections();
            DrainPace pace = new DrainPace(atOnce, most, duration(stall), duration(timeout), keep);
            DrainResult result = new DrainRun(common.brokers(0).single(), plan, pace, common.pids()).run();
            spec.commandLine().getOut().println(common.json() ? DrainText.json(result) : DrainText.forPeople(result));
            return result.isClean() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (BenchFailedException e) {
            spec.commandLine().getErr().println("FAILED: " + e.getMessage());
            return 1;
        }
    }

    /** Reads a filter's name. */
    static final class FilterConverter implements CommandLine.ITypeConverter<DrainFilter> {
        @Override
        public DrainFilter convert(String value) {
            return DrainFilter.valueOf(value.toUpperCase(Locale.ROOT));
        }
    }
}
