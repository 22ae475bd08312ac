package io.redshank.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** What each command wants to know: which broker, and how to report. */
final class CommonOptions {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "The broker's address.")
    private String host = "";

    @Option(
            names = "--port",
            split = ",",
            defaultValue = "1883",
            description = "The broker's port; of several nodes, separated by commas: clients are dealt out to them.")
    private List<Integer> ports = List.of();

    @Option(names = "--allow-remote", description = "Load a broker that is not on this machine.")
    private boolean allowRemote;

    @Option(names = "--pid", split = ",", description = "Processes whose CPU time per message is shown.")
    private List<Long> pids = List.of();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    /** The address, looked up once: what was checked is what is connected to. */
    Brokers brokers(int hop) {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress() && !allowRemote) {
                throw new IllegalArgumentException(host + " is not a loopback address: --allow-remote would permit it");
            }
            return new Brokers(
                    ports.stream()
                            .map(port -> new InetSocketAddress(address, port))
                            .toList(),
                    hop);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("unknown host " + host, e);
        }
    }

    List<Long> pids() {
        return pids;
    }

    boolean json() {
        return json;
    }

    static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * 1e9));
    }
}
