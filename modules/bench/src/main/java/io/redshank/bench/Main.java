package io.redshank.bench;

import static io.redshank.bench.CommonOptions.duration;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. Exits with 0 if all messages came as MQTT promises, with 1 if not, with 2 on wrong usage. */
@Command(
        name = "redshank-bench",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        subcommands = Drain.class,
        description = "Loads an MQTT broker in a closed loop and checks what it delivers.")
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            converter = ScenarioConverter.class,
            description = "pairs: N publishers to N subscribers, a topic for each pair;"
                    + " fan-in: N publishers to one subscriber; fan-out: one publisher to N subscribers.")
    private @Nullable Scenario scenario;

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Option(names = "--clients", defaultValue = "10", description = "The N of the scenario.")
    private int clients;

    @Option(names = "--qos", defaultValue = "0", description = "Of publications and subscriptions.")
    private int qos;

    @Option(names = "--size", defaultValue = "64", description = "Bytes of a payload, at least 24.")
    private int size;

    @Option(
            names = "--window",
            defaultValue = "64",
            description = "Messages of a publisher that may be sent and not yet both acknowledged and received.")
    private int window;

    @Option(names = "--topic", defaultValue = "bench", description = "What the topics begin with.")
    private String topic = "";

    @Option(
            names = "--messages",
            defaultValue = "0",
            description = "Messages to publish in all, in place of --seconds.")
    private long messages;

    @Option(names = "--seconds", defaultValue = "10", description = "How long to publish.")
    private double seconds;

    @Option(names = "--warmup", defaultValue = "3", description = "Seconds of the same before, not counted.")
    private double warmUp;

    @Option(
            names = "--stall",
            defaultValue = "5",
            description = "Seconds without a sign after which messages are lost.")
    private double stall;

    @Option(names = "--timeout", defaultValue = "120", description = "Seconds after which the run fails.")
    private double timeout;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of this client; a topic is served by one.")
    private int threads;

    @Option(
            names = "--gather",
            defaultValue = "500",
            description = "Microseconds that packets may gather before this client serves them together, which saves it"
                    + " most of its CPU time and adds as much to the latency. 0: serve each at once.")
    private double gather;

    @Option(
            names = "--hop",
            defaultValue = "0",
            description = "Of several nodes, how many places after its publisher's in the list a subscriber's node is.")
    private int hop;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Traffic traffic = new Traffic(wantedScenario(), clients, qos, size, window, topic);
            Timing timing =
                    new Timing(messages, duration(seconds), duration(warmUp), duration(stall), duration(timeout));
            Effort effort = new Effort(threads, duration(gather / 1e6));
            Result result = new BenchRun(common.brokers(hop), traffic, timing, effort, common.pids()).run();
            spec.commandLine().getOut().println(common.json() ? ResultText.json(result) : ResultText.forPeople(result));
            return result.isClean() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (BenchFailedException e) {
            spec.commandLine().getErr().println("FAILED: " + e.getMessage());
            return 1;
        }
    }

    private Scenario wantedScenario() {
        if (scenario == null) {
            throw new IllegalArgumentException("which scenario: pairs, fan-in, fan-out or drain?");
        }
        return scenario;
    }

    /** Reads a scenario as its name is written on the command line. */
    static final class ScenarioConverter implements CommandLine.ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String value) {
            return Scenario.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
