package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Redis and a cluster of node processes for all tests of a class, in a static field with {@code @RegisterExtension}. Nodes that a
 * test has ended are started again before the next one; devices of a test end with it; what the nodes have written is shown when a
 * test fails. Not for several threads.
 */
public final class ClusterFixture
        implements BeforeAllCallback, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    private static final int DATABASE = 1;

    /** Which roles each node has, by its name; null for all. */
    private final Map<String, @Nullable String> roles;

    private final Map<String, NodeSetup> setups = new LinkedHashMap<>();
    private final Map<String, NodeProcess> nodes = new LinkedHashMap<>();
    private final List<MqttDevice> devices = new ArrayList<>();
    private @Nullable RedisFixture redis;

    /** What is changed in the set-up of a node, by its name. */
    private final BiFunction<String, NodeSetup, NodeSetup> more;

    private ClusterFixture(Map<String, @Nullable String> roles, BiFunction<String, NodeSetup, NodeSetup> more) {
        this.roles = roles;
        this.more = more;
    }

    /** Nodes of these names that do everything. */
    public static ClusterFixture of(String... names) {
        Map<String, @Nullable String> roles = new LinkedHashMap<>();
        for (String name : names) {
            roles.put(name, null);
        }
        return new ClusterFixture(roles, (name, setup) -> setup);
    }

    /** One more node, with these roles, as a JSON array. */
    public ClusterFixture and(String name, String itsRoles) {
        Map<String, @Nullable String> all = new LinkedHashMap<>(roles);
        all.put(name, itsRoles);
        return new ClusterFixture(all, more);
    }

    /** The same with changes to the set-up of each node, which is given with its name. */
    public ClusterFixture with(BiFunction<String, NodeSetup, NodeSetup> changes) {
        return new ClusterFixture(roles, (name, setup) -> changes.apply(name, more.apply(name, setup)));
    }

    /** The directory in which this node runs. */
    public Path directory(String name) {
        return setup(name).directory();
    }

    /** The Redis of all nodes, with their database selected. */
    public RedisFixture redis() {
        if (redis == null) {
            throw new IllegalStateException("only while the tests of the class run");
        }
        return redis;
    }

    /** The process of this node. */
    public NodeProcess node(String name) {
        NodeProcess node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node;
    }

    /** Starts a node that was ended, and waits until it serves. */
    @CanIgnoreReturnValue
    public NodeProcess start(String name) {
        NodeProcess node = NodeProcess.start(setup(name));
        nodes.put(name, node);
        return node;
    }

    /** Stops a process where it stands, as if the machine did not give it any time. */
    public void freeze(String name) {
        Signals.send("STOP", node(name).pid());
    }

    /** Lets it go on. */
    public void thaw(String name) {
        Signals.send("CONT", node(name).pid());
    }

    /** A device at a node that is not connected yet, and ends with the test. */
    public MqttDevice device(String node, MqttLibrary library, DeviceOptions options) {
        MqttDevice device = library.device(node(node).port(), options);
        devices.add(device);
        return device;
    }

    /** A device that is connected to a node. */
    @CanIgnoreReturnValue
    public MqttDevice connect(String node, MqttLibrary library, DeviceOptions options) {
        MqttDevice device = device(node, library, options);
        device.connect();
        return device;
    }

    /** A connected device with a clean session. */
    @CanIgnoreReturnValue
    public MqttDevice connect(String node, MqttLibrary library, String clientId) {
        return connect(node, library, DeviceOptions.clean(clientId));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        open();
    }

    /** Starts all nodes; for a test that does without the extension. */
    public void open() throws IOException {
        RedisFixture server = RedisFixture.start(false);
        server.select(DATABASE);
        redis = server;
        String cluster = "test-" + UUID.randomUUID();
        Map<String, Integer> ports = new LinkedHashMap<>();
        roles.keySet().forEach(name -> ports.put(name, NodeProcess.freePort()));
        String members = ports.values().stream()
                .map(port -> "\"127.0.0.1:" + port + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        for (String name : roles.keySet()) {
            Path directory = Files.createTempDirectory("redshank-node");
            NodeSetup setup = NodeSetup.in(directory)
                    .redis(server.address())
                    .port(NodeProcess.freePort())
                    .set("node.name", name)
                    .set("node.event_loops", "2")
                    .set("cluster.enabled", "true")
                    .set("cluster.name", cluster)
                    .set("cluster.port", String.valueOf(ports.get(name)))
                    .set("cluster.members", members);
            String itsRoles = roles.get(name);
            setups.put(name, more.apply(name, itsRoles == null ? setup : setup.set("node.roles", itsRoles)));
        }
        setups.keySet().forEach(this::start);
    }

    @Override
    @SuppressWarnings("SystemOut") // where Surefire shows it beside the failure
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println(context.getDisplayName() + " failed");
            nodes.forEach((name, node) -> System.out.println("== " + name + "\n" + node.output()));
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        devices.forEach(MqttDevice::close);
        devices.clear();
        nodes.forEach((name, node) -> {
            if (node.isAlive()) {
                thaw(name);
            }
        });
        List.copyOf(nodes.keySet()).stream()
                .filter(name -> !node(name).isAlive())
                .forEach(this::start);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    /** Ends all that runs. */
    @Override
    public void close() {
        devices.forEach(MqttDevice::close);
        nodes.values().forEach(NodeProcess::close);
        if (redis != null) {
            redis.close();
        }
    }

    private NodeSetup setup(String name) {
        NodeSetup setup = setups.get(name);
        if (setup == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return setup;
    }
}
