package io.redshank.verification.topology;

import static io.redshank.testkit.Eventually.asserted;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisCli;
import io.redshank.testkit.RedisFixture;
import io.redshank.testkit.SentinelFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The master of a node's Redis is killed under load. Redis replicates after it has answered, so a message that was acknowledged in the
 * very moment may be gone; what the replica had, and what is acknowledged from then on, is not.
 */
class SentinelFailoverTest {
    private static final int DATABASE = 1;

    @TempDir
    Path directory;

    private final List<MqttDevice> devices = new ArrayList<>();
    private SentinelFixture sentinel;
    private NodeProcess node;

    @BeforeEach
    void start() {
        sentinel = SentinelFixture.start();
        node = NodeProcess.start(NodeSetup.in(directory)
                .port(NodeProcess.freePort())
                .redis("127.0.0.1:" + sentinel.sentinelPort())
                .set("backend.redis.pool1.type", "sentinel")
                .set("backend.redis.pool1.sentinel", SentinelFixture.MASTER_NAME));
    }

    @AfterEach
    void stop() {
        devices.forEach(MqttDevice::close);
        node.close();
        sentinel.close();
    }

    private MqttDevice connect(DeviceOptions options) {
        MqttDevice device = MqttLibrary.HIVEMQ_5.device(node.port(), options);
        devices.add(device);
        asserted(device::connect); // each verticle finds the new master for itself, and refuses clients until then
        return device;
    }

    @Test
    void killedMaster_isFollowedByTheNewOne() {
        MqttDevice away = connect(DeviceOptions.persisting("away"));
        away.subscribe("load", 1);
        away.disconnect();
        MqttDevice online = connect(DeviceOptions.persisting("online"));
        online.subscribe("load", 1);
        Load load = Load.on(connect(DeviceOptions.clean("publisher")), List.of("load"));
        load.awaitMore(500);

        Set<Integer> promised = new TreeSet<>(load.acknowledged());
        awaitReplica();
        sentinel.failOver();
        Set<Integer> atFailover = load.acknowledged();
        load.awaitMore(500);
        load.end();
        Set<Integer> later = load.acknowledged();
        later.removeAll(atFailover);
        promised.addAll(later);

        Load.expect(online, promised);
        Load.expect(connect(DeviceOptions.persisting("away")), promised);
        expectChannelAndBeats();
        assertThat(node.errWith("ERROR")).isEmpty();
    }

    /** An application subscribes a device by the channel of the new master; and the node is known there to live. */
    private void expectChannelAndBeats() {
        RedisFixture master = sentinel.replica();
        master.select(DATABASE);
        MqttDevice device = connect(DeviceOptions.clean("device"));
        asserted(
                () -> assertThat(master.command("PUBLISH", "mqtt_channel", """
                        {"type": "subscribe", "topic": "told", "clientid": "device", "qos": 1}""")).isEqualTo(1L));
        MqttDevice publisher = connect(DeviceOptions.clean("publisher"));
        asserted(() -> {
            publisher.publish("told", "live", 1);
            assertThat(device.inbox().waiting()).isNotEmpty();
        });
        String now = Long.toString(System.currentTimeMillis());
        asserted(() -> assertThat((List<?>) master.command("ZRANGEBYSCORE", "mqtt:nodes:due", now, "+inf"))
                .hasSize(1));
    }

    /** Whatever was answered up to now, the replica has when this returns. */
    private void awaitReplica() {
        try (RedisCli cli = new RedisCli("127.0.0.1", sentinel.master().port(), 0)) {
            cli.command("SET", "marker", "1");
            assertThat(cli.command("WAIT", "1", "5000")).isEqualTo(1L);
        }
    }
}
