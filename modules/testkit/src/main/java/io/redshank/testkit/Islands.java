package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Network namespaces of Linux, one for each of some nodes, with a link between each two, and one from each to the machine: nodes can be
 * cut off from each other, and not from anything else. Nothing is forwarded, so no firewall has a say. Needs {@code ip} and to be root.
 */
public final class Islands implements AutoCloseable {
    /** What the machine is called there. The network is one for measurements, which nobody routes (RFC 2544). */
    public static final String SHORE = "198.18.77.1";

    private static final String NETWORK = "198.18.77.";
    private static final int FIRST = 11;

    private final String prefix = "rs" + ProcessHandle.current().pid();
    private final Map<String, String> addresses = new LinkedHashMap<>();

    private Islands(List<String> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            addresses.put(nodes.get(i), NETWORK + (FIRST + i));
        }
    }

    /** Whether this machine lets us; else nothing is left behind. */
    public static boolean arePossible() {
        String name = "rs" + ProcessHandle.current().pid() + "-try";
        try {
            boolean made = run("ip", "netns", "add", name).isEmpty()
                    && run("ip", "link", "add", name, "type", "veth", "peer", "name", "shore", "netns", name)
                            .isEmpty();
            run("ip", "link", "del", name);
            run("ip", "netns", "del", name);
            return made;
        } catch (UncheckedIOException noSuchCommand) {
            return false;
        }
    }

    /** Makes one for each of these. */
    public static Islands of(List<String> nodes) {
        Islands islands = new Islands(nodes);
        islands.rise();
        return islands;
    }

    /** The address of a node. */
    public String address(String node) {
        String address = addresses.get(node);
        if (address == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return address;
    }

    /** What to put before a command that is to run there. */
    public List<String> on(String node) {
        return List.of("ip", "netns", "exec", namespace(node));
    }

    /** Nothing comes from this node to any other, nor back. */
    public void sever(String node) {
        change(node, false);
    }

    /** All comes through again. */
    public void heal(String node) {
        change(node, true);
    }

    @Override
    public void close() {
        addresses.keySet().forEach(node -> run("ip", "netns", "del", namespace(node))); // and their links with them
    }

    private void change(String node, boolean reached) {
        for (String other : addresses.keySet()) {
            if (!other.equals(node)) {
                route(node, other, reached);
                route(other, node, reached);
            }
        }
    }

    private void rise() {
        addresses.forEach((node, address) -> {
            String namespace = namespace(node);
            must("ip", "netns", "add", namespace);
            must("ip", "link", "add", namespace, "type", "veth", "peer", "name", "shore", "netns", namespace);
            must("ip", "addr", "add", SHORE + "/32", "dev", namespace);
            must("ip", "link", "set", namespace, "up");
            must("ip", "-n", namespace, "link", "set", "lo", "up");
            must("ip", "-n", namespace, "link", "set", "shore", "up");
            must("ip", "-n", namespace, "addr", "add", address + "/32", "dev", "lo");
            must("ip", "-n", namespace, "route", "add", SHORE + "/32", "dev", "shore", "src", address);
            must("ip", "route", "add", address + "/32", "dev", namespace, "src", SHORE);
        });
        List<String> nodes = List.copyOf(addresses.keySet());
        for (int i = 0; i < nodes.size(); i++) {
            for (String other : nodes.subList(i + 1, nodes.size())) {
                connect(nodes.get(i), other);
            }
        }
    }

    private void connect(String node, String other) {
        must(
                List.of("ip", "-n", namespace(node), "link", "add", "to-" + other, "type", "veth"),
                List.of("peer", "name", "to-" + node, "netns", namespace(other)));
        must("ip", "-n", namespace(node), "link", "set", "to-" + other, "up");
        must("ip", "-n", namespace(other), "link", "set", "to-" + node, "up");
        route(node, other, true);
        route(other, node, true);
    }

    private void route(String from, String to, boolean reached) {
        String there = address(to) + "/32";
        if (reached) {
            must("ip", "-n", namespace(from), "route", "replace", there, "dev", "to-" + to, "src", address(from));
        } else {
            must("ip", "-n", namespace(from), "route", "replace", "blackhole", there);
        }
    }

    private String namespace(String node) {
        return prefix + "-" + node;
    }

    private static void must(List<String> command, List<String> more) {
        must(Stream.concat(command.stream(), more.stream()).toArray(String[]::new));
    }

    private static void must(String... command) {
        String said = run(command);
        if (!said.isEmpty()) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }

    /** Answers what the command had to complain about. */
    @CanIgnoreReturnValue
    private static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (InputStream said = process.getInputStream()) {
                String text = new String(said.readAllBytes(), StandardCharsets.UTF_8).strip();
                int status = process.waitFor();
                return status == 0 || !text.isEmpty() ? text : "exit code " + status;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
