package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisCli;
import io.redshank.testkit.RedisFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process from its command line to its exit code. */
class StartAndStopTest {
    private static final Pattern EMBEDDED = Pattern.compile("Embedded Redis started \\[port=(\\d+), pid=(\\d+)");

    @TempDir
    private Path directory = Path.of("");

    private NodeSetup setup = NodeSetup.in(directory);

    @BeforeEach
    void useAFreePort() {
        setup = NodeSetup.in(directory).port(NodeProcess.freePort());
    }

    @Test
    void check_saysWhatWouldStart_andNeedsNoRedis() throws IOException {
        NodeProcess check = NodeProcess.launch(setup.redis("127.0.0.1:1").with("--check"));
        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(check.out()).singleElement().asString().startsWith("configuration is valid");
        assertThat(check.err()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mqtt.listeners[0].port=99999 | mqtt.listeners[0].port | 65535",
                "mqtt.nonsense=1 | mqtt.nonsense | listeners",
                "mqtt.listeners[0].host=0.0.0.0 | mqtt | allow_anonymous",
                "backend.redis.hook.message.publish=[{\"topic\":\"a/#/b\",\"action\":{\"function\":\"on_message_publish\"},\"pool\":\"pool1\"}]"
                        + " | backend.redis.hook.message.publish[0].topic | #",
                "backend.redis.hook.client.connected=[{\"action\":{\"function\":\"on_nothing\"},\"pool\":\"pool1\"}]"
                        + " | backend.redis.hook.client.connected[0].action.function | on_subscribe_lookup",
                "backend.redis.hook.client.connected=[{\"action\":{\"commands\":[\"SET a ${payload}\"]},\"pool\":\"pool1\"}]"
                        + " | backend.redis.hook.client.connected[0].action.commands[0] | clientid",
            })
    void badConfiguration_isOneLineWithItsPath_andNothingRuns(String assignment, String path, String allowed)
            throws IOException {
        NodeProcess node = NodeProcess.launch(setup.with("--set", assignment));
        assertThat(node.exitCode()).as(node.output()).isEqualTo(1);
        assertThat(node.err()).singleElement().asString().startsWith(path).contains(": found ", ", allowed", allowed);
        assertThat(node.out()).isEmpty();
        assertThat(directory).as("no data of an embedded Redis").isEmptyDirectory();
    }

    @Test
    void redisThatIsAbsent_isOneLineAndExit1() {
        int nobody = NodeProcess.freePort();
        NodeProcess node = NodeProcess.launch(setup.redis("127.0.0.1:" + nobody).set("backend.wait_for_redis", "2s"));
        assertThat(node.exitCode()).as(node.output()).isEqualTo(1);
        assertThat(node.out()).isEmpty();
        assertThat(node.err().stream().filter(line -> line.startsWith("redshank: ")))
                .singleElement()
                .asString()
                .contains("no answer from Redis", "pool pool1", "127.0.0.1:" + nobody);
        assertThat(node.err()).hasSizeLessThanOrEqualTo(2); // and the pool that says at once that it waits
    }

    @Test
    void redisThatAppearsDuringTheWait_isFound() {
        try (RedisFixture redis = RedisFixture.start(true)) {
            redis.kill();
            try (NodeProcess node =
                    NodeProcess.launch(setup.redis(redis.address()).set("backend.wait_for_redis", "30s"))) {
                Eventually.until(
                        "the node waiting",
                        () -> !node.errWith("Redis pool is down").isEmpty());
                redis.restart();
                node.awaitReady();
                node.stop();
            }
        }
    }

    @Test
    void portThatIsTaken_isOneLineAndExit1() throws IOException {
        try (RedisFixture redis = RedisFixture.start();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            NodeProcess node = NodeProcess.launch(setup.redis(redis.address()).port(taken.getLocalPort()));
            assertThat(node.exitCode()).as(node.output()).isEqualTo(1);
            assertThat(node.out()).isEmpty();
            assertThat(node.err().stream().filter(line -> line.startsWith("redshank: ")))
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void stop_tellsDevicesAndApplications() {
        try (RedisFixture redis = RedisFixture.start()) {
            redis.select(1);
            try (NodeProcess node =
                    NodeProcess.start(setup.redis(redis.address()).env("REDSHANK_NODE__NAME", "env@host"))) {
                assertThat(node.out()).singleElement().asString().startsWith("redshank ready: node env@host, roles ");
                MqttDevice device = HIVEMQ_5.device(node.port(), DeviceOptions.clean("stopped"));
                device.connect();
                assertThat(redis.hash("mqtt:client:stopped")).containsEntry("node", "env@host");
                node.stop();
                Eventually.until("the end of the connection", () -> !device.isConnected());
            }
            assertThat(redis.hash("mqtt:client:stopped")).containsEntry("state", "0");
            assertThat(redis.hash("mqtt:node:env@host")).isEmpty();
        }
    }

    @Test
    void embeddedRedis_keepsItsStateOverStopAndKill_andLeavesNoProcess() {
        NodeProcess first = NodeProcess.start(setup);
        long firstRedis = Long.parseLong(embedded(first).group(2));
        MqttDevice device = connect(first);
        device.retain("kept/retained", "still there", 1);
        device.publish("queue/kept", "job 1", 1);
        try (RedisCli cli =
                new RedisCli("127.0.0.1", Integer.parseInt(embedded(first).group(1)), 1)) {
            assertThat(cli.command("HGET", "mqtt:retain:kept/retained", "payload"))
                    .isEqualTo("still there");
        }
        first.stop();
        assertThat(isAlive(firstRedis)).as("redis-server after the stop").isFalse();

        NodeProcess second = NodeProcess.start(setup);
        long secondRedis = Long.parseLong(embedded(second).group(2));
        connect(second).publish("queue/kept", "job 2", 1);
        second.kill();
        assertThat(isAlive(secondRedis)).as("redis-server of a killed node").isTrue();

        NodeProcess third = NodeProcess.start(setup);
        long thirdRedis = Long.parseLong(embedded(third).group(2));
        assertThat(isAlive(secondRedis)).as("redis-server left behind").isFalse();
        MqttDevice reader = connect(third);
        reader.subscribe("kept/+", 1);
        assertThat(reader.next().payload()).isEqualTo("still there");
        reader.subscribe("queue/kept", 1);
        assertThat(reader.payloads(2)).containsExactly("job 1", "job 2");
        third.stop();
        assertThat(isAlive(thirdRedis)).as("redis-server after the last stop").isFalse();
        assertThat(directory.resolve("data").resolve("redis")).isDirectory();
    }

    @ParameterizedTest
    @CsvSource({"--version, redshank", "--help, Usage:"})
    void question_isAnswered(String option, String answer) {
        NodeProcess process = NodeProcess.launch(setup.with(option));
        assertThat(process.exitCode()).isZero();
        assertThat(String.join("\n", process.out())).containsIgnoringCase(answer);
        assertThat(process.err()).isEmpty();
    }

    @Test
    void importedConfiguration_passesTheCheck() throws IOException {
        String emqx = """
                backend.redis.pool1.server = 127.0.0.1:6379
                backend.redis.pool1.pool_size = 8
                backend.redis.pool1.database = 1
                backend.redis.pool1.channel = mqtt_channel
                backend.redis.msg.expired_after = 3600
                backend.redis.hook.client.connected.1    = {"action": {"function": "on_client_connected"}, "pool": "pool1"}
                backend.redis.hook.session.subscribed.1  = {"topic": "queue/#", "action": {"function": "on_message_fetch_for_queue"}, "pool": "pool1"}
                backend.redis.hook.message.publish.1     = {"topic": "#", "action": {"function": "on_message_publish"}, "pool": "pool1"}
                backend.redis.hook.client.connected.3 = {"action": {"commands": ["SET conn:${clientid} clientid"]}, "pool": "pool1"}
                """;
        NodeProcess imported = NodeProcess.launch(NodeSetup.in(directory).with("import-emqx", "-"))
                .input(emqx);
        assertThat(imported.exitCode()).as(imported.output()).isZero();
        assertThat(imported.err()).isEmpty();
        Files.write(directory.resolve("imported.json"), imported.out());
        NodeProcess check = NodeProcess.launch(setup.with("--conf", "imported.json", "--check"));
        assertThat(check.exitCode()).as(check.output()).isZero();
        assertThat(check.out()).singleElement().asString().contains("127.0.0.1:6379", "4 hook entries");
    }

    private static MqttDevice connect(NodeProcess node) {
        MqttDevice device = HIVEMQ_3_1_1.device(node.port(), DeviceOptions.clean("device"));
        device.connect();
        return device;
    }

    private static Matcher embedded(NodeProcess node) {
        Matcher started = EMBEDDED.matcher(String.join("\n", node.err()));
        assertThat(started.find()).as(node.output()).isTrue();
        return started;
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }
}
