package io.redshank.verification.topology;

import static io.redshank.testkit.Eventually.asserted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisClusterFixture;
import io.redshank.testkit.RedisFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A node on a Redis Cluster, which refuses each command that crosses slots; slots that move under load, a master that is killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisClusterTest {
    private static final String CONFIGURATION = """
            {"backend": {"redis": {"hook": {"message.publish": [
                {"topic": "#", "action": {"function": "on_message_publish"}, "pool": "pool1"},
                {"topic": "#", "action": {"function": "on_message_retain"}, "pool": "pool1"},
                {"topic": "#", "action": {"function": "on_retain_delete"}, "pool": "pool1"},
                {"topic": "raw/#", "action": {"commands": ["SET last:${topic} ${payload}", "INCR count:raw",
                    "LPUSH list:${topic} ${payload}"]}, "pool": "pool1"}
            ]}}}}
            """;

    @TempDir
    static Path directory;

    private static RedisClusterFixture cluster;
    private static NodeProcess node;
    private final List<MqttDevice> devices = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        cluster = RedisClusterFixture.start();
        Files.writeString(directory.resolve("test.json"), CONFIGURATION);
        node = NodeProcess.start(setup().redis(cluster.addresses())
                .set("backend.redis.pool1.type", "cluster")
                .set("backend.redis.pool1.database", "0"));
    }

    @AfterAll
    static void stop() {
        node.close();
        cluster.close();
    }

    @AfterEach
    void leave() {
        devices.forEach(MqttDevice::close);
    }

    private static NodeSetup setup() {
        return NodeSetup.in(directory).with("--conf", "test.json").port(NodeProcess.freePort());
    }

    private MqttDevice connect(NodeProcess to, DeviceOptions options) {
        MqttDevice device = MqttLibrary.HIVEMQ_5.device(to.port(), options);
        devices.add(device);
        asserted(device::connect);
        return device;
    }

    /** A bit of everything; what it leaves behind in Redis is the same on one server and on several. */
    private void liveOn(NodeProcess to) {
        connect(to, DeviceOptions.persisting("alice")).subscribe("a/+", 2);
        devices.get(devices.size() - 1).subscribe("queue/jobs", 1);
        devices.get(devices.size() - 1).disconnect();
        MqttDevice bob = connect(to, DeviceOptions.clean("bob"));
        bob.publish("a/1", "one", 1);
        bob.publish("a/2", "two", 2);
        bob.publish("queue/jobs", "job", 1);
        bob.retain("a/kept", "kept", 1);
        bob.retain("a/gone", "gone", 1);
        bob.retain("a/gone", "", 1);
        bob.publish("raw/x", "value", 1);
        bob.publish("$delayed/1/a/later", "late", 1);
        bob.publish("$delayed/1000/a/much-later", "later", 1);
        MqttDevice alice = connect(to, DeviceOptions.persisting("alice"));
        assertThat(alice.payloads(6)).containsExactlyInAnyOrder("one", "two", "job", "kept", "gone", "late");
        MqttDevice carol = connect(to, DeviceOptions.clean("carol"));
        carol.subscribe("a/#", 1);
        assertThat(carol.payloads(1)).containsExactly("kept");
        connect(to, DeviceOptions.persisting("alice")).publish("a/3", "taken over", 2);
        assertThat(carol.payloads(1)).containsExactly("taken over");
    }

    @Test
    @Order(1)
    void layout_isThatOfASingleServer() {
        liveOn(node);
        assertThat(cluster.command("GET", "last:raw/x")).isEqualTo("value");
        try (RedisFixture single = RedisFixture.start();
                NodeProcess other =
                        NodeProcess.start(setup().redis(single.address()).set("backend.redis.pool1.database", "0"))) {
            liveOn(other);
            asserted(() -> {
                Set<String> keys = new TreeSet<>();
                if (single.command("KEYS", "*") instanceof List<?> all) {
                    all.forEach(key -> keys.add(String.valueOf(key)));
                }
                assertThat(generalised(cluster.keys("*"))).isEqualTo(generalised(keys));
            });
        }
        assertThat(node.errWith("CROSSSLOT")).isEmpty();
        assertThat(node.errWith("WARN")).isEmpty();
        NodeProcess doctor = NodeProcess.launch(NodeSetup.in(directory)
                .with("doctor", "--conf", "test.json")
                .redis(cluster.addresses())
                .set("backend.redis.pool1.type", "cluster")
                .set("backend.redis.pool1.database", "0"));
        assertThat(doctor.exitCode()).as(doctor.output()).isZero();
    }

    private static Set<String> generalised(Set<String> keys) {
        return keys.stream()
                .map(key -> key.replaceAll("[0-9A-Za-z]{20}", "ID"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    @Order(2)
    void slotsThatMoveUnderLoad_loseAndReorderNothing() {
        MqttDevice online = connect(node, DeviceOptions.persisting("online"));
        online.subscribe("load/1", 1);
        Load load = Load.on(connect(node, DeviceOptions.clean("publisher")), List.of("load/1"));
        load.awaitMore(300);
        for (String key : List.of("mqtt:msg:load/1", "mqtt:acked:online:load/1", "mqtt:topics:log", "mqtt:nodes:due")) {
            int slot = cluster.slot(key);
            int from = cluster.masterOf(slot);
            cluster.beginMove(slot, from, (from + 1) % 3);
            load.awaitMore(50);
            cluster.endMove(slot, from, (from + 1) % 3);
            load.awaitMore(50);
        }
        load.end();
        Load.expect(online, load.acknowledged());
        List<?> log = (List<?>) cluster.command("ZRANGE", "mqtt:msg:load/1", "0", "-1");
        assertThat(log).hasSameSizeAs(load.acknowledged());
        assertThat(node.errWith("WARN")).isEmpty();
    }

    @Test
    @Order(3)
    void masterThatIsKilledUnderLoad_isReplaced() {
        MqttDevice online = connect(node, DeviceOptions.persisting("witness"));
        online.subscribe("fail/+", 1);
        List<String> topics = List.of("fail/1", "fail/2", "fail/3", "fail/4", "fail/5");
        Load load = Load.on(connect(node, DeviceOptions.clean("publisher")), topics);
        load.awaitMore(300);
        Set<Integer> promised = new TreeSet<>(load.acknowledged());
        awaitReplica();
        cluster.failOver();
        Set<Integer> atFailover = load.acknowledged();
        load.awaitMore(300);
        load.end();
        Set<Integer> later = load.acknowledged();
        later.removeAll(atFailover);
        promised.addAll(later);
        Load.expect(online, promised);
        MqttDevice device = connect(node, DeviceOptions.clean("device"));
        asserted(() -> {
            cluster.at(1).command("PUBLISH", "mqtt_channel", """
                    {"type": "subscribe", "topic": "told", "clientid": "device", "qos": 1}""");
            device.publishing("told", "live".getBytes(UTF_8), 1, false).join();
            assertThat(device.inbox().waiting()).isNotEmpty();
        });
        assertThat(node.errWith("ERROR")).isEmpty();
    }

    /** Whatever the first master has answered up to now, its replica has when this returns. */
    private static void awaitReplica() {
        int number = 0;
        while (cluster.masterOf(cluster.slot("any" + number)) != 0) {
            number++;
        }
        cluster.at(0).command("SET", "any" + number, "x");
        assertThat(cluster.at(0).command("WAIT", "1", "5000")).isEqualTo(1L);
    }
}
