package io.redshank.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
        description = "Loads an MQTT broker in a closed loop and checks what it delivers.")
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            converter = ScenarioConverter.class,
            description = "pairs: N publishers to N subscribers, a topic for each pair;"
                    + " fan-in: N publishers to one subscriber; fan-out: one publisher to N subscribers.")
    private Scenario scenario = Scenario.PAIRS;

    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The broker's address.")
    private String host = "";

    @Option(names = "--port", defaultValue = "1883", description = "The broker's port.")
    private int port;

    @Option(names = "--allow-remote", description = "Load a broker that is not on this machine.")
    private boolean allowRemote;

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

    @Option(names = "--pid", split = ",", description = "Processes whose CPU time per message is shown.")
    private List<Long> pids = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        try {
            Traffic traffic = new Traffic(scenario, clients, qos, size, window, topic);
            Timing timing =
                    new Timing(messages, duration(seconds), duration(warmUp), duration(stall), duration(timeout));
            Effort effort = new Effort(threads, duration(gather / 1e6));
            Result result = new BenchRun(broker(), traffic, timing, effort, pids).run();
            spec.commandLine().getOut().println(json ? ResultText.json(result) : ResultText.forPeople(result));
            return result.isClean() ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (BenchFailedException e) {
            spec.commandLine().getErr().println("FAILED: " + e.getMessage());
            return 1;
        }
    }

    /** The address, looked up once: what was checked is what is connected to. */
    private InetSocketAddress broker() {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress() && !allowRemote) {
                throw new IllegalArgumentException(host + " is not a loopback address: --allow-remote would permit it");
            }
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("unknown host " + host, e);
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Reads a scenario as its name is written on the command line. */
    static final class ScenarioConverter implements CommandLine.ITypeConverter<Scenario> {
        @Override
        public Scenario convert(String value) {
            return Scenario.valueOf(value.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
