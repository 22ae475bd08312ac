package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How an operator has a node leave, from another process. */
class DrainCommandTest {
    private final RedisFixture redis = RedisFixture.start(false);

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void selectDatabase() {
        redis.select(1);
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void nodeLeavesInOrder_andTheCommandWaitsForThat() {
        NodeSetup setup = setup("leaving@h").set("node.drain_rate", "1");
        NodeProcess node = NodeProcess.start(setup);
        MqttDevice clean = HIVEMQ_5.device(node.port(), DeviceOptions.clean("clean"));
        MqttDevice kept = PAHO_3_1_1.device(node.port(), DeviceOptions.persisting("kept"));
        clean.connect();
        kept.connect();
        kept.subscribe("pubsub/news", 1);
        NodeProcess drain = command(setup("operator@h"), "--node", "leaving@h");
        assertThat(drain.exitCode()).as(drain.output()).isZero();
        assertThat(drain.out()).first().isEqualTo("leaving: node leaving@h is told to leave");
        assertThat(drain.out()).last().asString().startsWith("left: node leaving@h has left after ");
        assertThat(node.exitCode()).as(node.output()).isZero();
        Eventually.until("the end of the connections", () -> !clean.isConnected() && !kept.isConnected());
        assertThat(redis.hash("mqtt:client:kept")).containsEntry("state", "0");
        assertThat(redis.hash("mqtt:sub:kept")).containsEntry("pubsub/news", "1");
        assertThat(redis.hash("mqtt:node:leaving@h")).isEmpty();
        NodeProcess again = command(setup("leaving@h"));
        assertThat(again.exitCode()).as(again.output()).isEqualTo(1);
        assertThat(again.err()).containsExactly("redshank: node leaving@h does not run; none does with this Redis");
    }

    @Test
    void nodeWithARedisOfItsOwn_isToldThroughThat() {
        NodeSetup setup = NodeSetup.in(directory).port(NodeProcess.freePort());
        NodeProcess node = NodeProcess.start(setup);
        NodeProcess drain = command(setup, "--json");
        assertThat(drain.exitCode()).as(drain.output()).isZero();
        assertThat(drain.out()).last().asString().startsWith("{\"about\":\"left\",");
        assertThat(node.exitCode()).as(node.output()).isZero();
    }

    @Test
    void nodeThatDoesNotAnswer_isOneLineAndExit1() throws Exception {
        try (NodeProcess node = NodeProcess.start(setup("frozen@h"))) {
            NodeProcess other = command(setup("nobody@h"));
            assertThat(other.exitCode()).as(other.output()).isEqualTo(1);
            assertThat(other.err()).containsExactly("redshank: node nobody@h does not run; these do: frozen@h");
            signal(node, "STOP");
            try {
                NodeProcess drain = command(setup("frozen@h"));
                assertThat(drain.exitCode()).as(drain.output()).isEqualTo(1);
                assertThat(drain.err())
                        .containsExactly("redshank: node frozen@h does not answer: no sign of life for 8 s");
            } finally {
                signal(node, "CONT");
            }
        }
    }

    private NodeSetup setup(String name) {
        return NodeSetup.in(directory)
                .redis(redis.address())
                .port(NodeProcess.freePort())
                .set("node.name", name);
    }

    private static NodeProcess command(NodeSetup setup, String... arguments) {
        return NodeProcess.launch(setup.with("drain").with(arguments));
    }

    private static void signal(NodeProcess node, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(node.pid())).start();
        assertThat(kill.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }
}
