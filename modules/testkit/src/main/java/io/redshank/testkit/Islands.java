package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Network namespaces of Linux, one for each of some nodes, with a bridge to the machine: nodes can be cut off from each other, and not
 * from anything else. Needs {@code ip} and to be root.
 */
public final class Islands implements AutoCloseable {
    /** What the machine is called on the bridge. The network is one for measurements, which nobody routes (RFC 2544). */
    public static final String SHORE = "198.18.77.1";

    private static final String NETWORK = "198.18.77.";
    private static final int FIRST = 11;

    private final String prefix = "rs" + ProcessHandle.current().pid();
    private final String bridge = prefix + "-br";
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
                    && run("ip", "link", "add", name, "type", "bridge").isEmpty();
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
        change("add", node);
    }

    /** All comes through again. */
    public void heal(String node) {
        change("del", node);
    }

    @Override
    public void close() {
        addresses.keySet().forEach(node -> run("ip", "netns", "del", namespace(node)));
        run("ip", "link", "del", bridge);
    }

    private void change(String verb, String node) {
        for (String other : addresses.keySet()) {
            if (!other.equals(node)) {
                must("ip", "-n", namespace(node), "route", verb, "blackhole", address(other) + "/32");
                must("ip", "-n", namespace(other), "route", verb, "blackhole", address(node) + "/32");
            }
        }
    }

    private void rise() {
        must("ip", "link", "add", bridge, "type", "bridge");
        must("ip", "addr", "add", SHORE + "/24", "dev", bridge);
        must("ip", "link", "set", bridge, "up");
        addresses.forEach((node, address) -> {
            String namespace = namespace(node);
            must("ip", "netns", "add", namespace);
            must("ip", "link", "add", namespace, "type", "veth", "peer", "name", "eth0", "netns", namespace);
            must("ip", "link", "set", namespace, "master", bridge, "up");
            must("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
            must("ip", "-n", namespace, "link", "set", "eth0", "up");
            must("ip", "-n", namespace, "link", "set", "lo", "up");
        });
    }

    private String namespace(String node) {
        return prefix + "-" + node;
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
