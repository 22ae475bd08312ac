package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Redis and a node for all tests of a class, in a static field with {@code @RegisterExtension}. Devices of a test end with it;
 * what the node has written is shown when a test fails. Not for several threads.
 */
public final class NodeFixture
        implements BeforeAllCallback, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback {
    private static final int DATABASE = 1;

    private final boolean persistentRedis;
    private final @Nullable String configuration;
    private final UnaryOperator<NodeSetup> more;
    private final List<MqttDevice> devices = new ArrayList<>();
    private @Nullable RedisFixture redis;
    private @Nullable NodeSetup setup;
    private @Nullable NodeProcess node;

    private NodeFixture(boolean persistentRedis, @Nullable String configuration, UnaryOperator<NodeSetup> more) {
        this.persistentRedis = persistentRedis;
        this.configuration = configuration;
        this.more = more;
    }

    /** A node as shipped. */
    public static NodeFixture asShipped() {
        return new NodeFixture(false, null, setup -> setup);
    }

    /** A node with a configuration file of this content. */
    public static NodeFixture configured(String json) {
        return new NodeFixture(false, json, setup -> setup);
    }

    /** The same with a Redis whose data survive {@link RedisFixture#restart}. */
    public NodeFixture withPersistentRedis() {
        return new NodeFixture(true, configuration, more);
    }

    /** The same with more on the command line. */
    public NodeFixture with(UnaryOperator<NodeSetup> addition) {
        return new NodeFixture(persistentRedis, configuration, setup -> addition.apply(more.apply(setup)));
    }

    /** The Redis of the node, with the node's database selected. */
    public RedisFixture redis() {
        return running(redis);
    }

    /** The process that runs now. */
    public NodeProcess process() {
        return running(node);
    }

    /** Where the node listens; the same over restarts. */
    public int port() {
        return process().port();
    }

    /** The directory in which it runs. */
    public Path directory() {
        return running(setup).directory();
    }

    /** A device that is not connected yet, and ends with the test. */
    public MqttDevice device(MqttLibrary library, DeviceOptions options) {
        MqttDevice device = library.device(port(), options);
        devices.add(device);
        return device;
    }

    /** A connected device with a clean session. */
    @CanIgnoreReturnValue
    public MqttDevice connect(MqttLibrary library, String clientId) {
        return connect(library, DeviceOptions.clean(clientId));
    }

    /** A connected device. */
    @CanIgnoreReturnValue
    public MqttDevice connect(MqttLibrary library, DeviceOptions options) {
        MqttDevice device = device(library, options);
        device.connect();
        return device;
    }

    /** A connected device with a clean session, as soon as the node lets it in: it refuses while it is without its Redis. */
    @CanIgnoreReturnValue
    public MqttDevice connectWhenServed(MqttLibrary library, String clientId) {
        MqttDevice device = device(library, DeviceOptions.clean(clientId));
        Eventually.asserted(device::connect);
        return device;
    }

    /** Starts the node that was stopped or killed. */
    public void start() {
        node = NodeProcess.start(running(setup));
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        RedisFixture server = RedisFixture.start(persistentRedis);
        server.select(DATABASE);
        redis = server;
        Path directory = Files.createTempDirectory("redshank-node");
        NodeSetup first = NodeSetup.in(directory).redis(server.address()).port(NodeProcess.freePort());
        if (configuration != null) {
            Files.writeString(directory.resolve("test.json"), configuration);
            first = first.with("--conf", "test.json");
        }
        setup = more.apply(first);
        start();
    }

    @Override
    @SuppressWarnings("SystemOut") // where Surefire shows it beside the failure
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent() && node != null) {
            System.out.println(context.getDisplayName() + " failed\n" + node.output());
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        devices.forEach(MqttDevice::close);
        devices.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        try {
            if (node != null && node.isAlive()) {
                node.stop();
            }
        } finally {
            if (node != null) {
                node.close();
            }
            if (redis != null) {
                redis.close();
            }
            if (setup != null) {
                delete(setup.directory());
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static <T> T running(@Nullable T thing) {
        if (thing == null) {
            throw new IllegalStateException("only while the tests of the class run");
        }
        return thing;
    }
}
