package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is online, as an application reads it in Redis. */
class ConnectionStateTest {
    private static final String NODE = "redshank@127.0.0.1";
    private static final String NODE_KEY = "mqtt:node:" + NODE;

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();

    @ParameterizedTest
    @EnumSource
    void client_isOnlineAndThenOffline(MqttLibrary library) {
        String client = "state-" + library;
        MqttDevice device = node.connect(library, client);
        assertThat(redis.command("TYPE", "mqtt:client:" + client)).isEqualTo("hash");
        Map<String, String> online = redis.hash("mqtt:client:" + client);
        assertThat(online)
                .containsOnlyKeys("state", "online_at", "offline_at", "node", "epoch")
                .containsEntry("state", "1")
                .containsEntry("offline_at", "undefined")
                .containsEntry("node", NODE);
        long onlineAt = Long.parseLong(online.getOrDefault("online_at", ""));
        assertThat(onlineAt).isCloseTo(Instant.now().getEpochSecond(), within(30L));
        assertThat(redis.command("TYPE", NODE_KEY)).isEqualTo("hash");
        assertThat(redis.command("HGET", NODE_KEY, client)).isEqualTo(Long.toString(onlineAt));

        device.disconnect();
        asserted(() -> assertThat(redis.hash("mqtt:client:" + client)).containsEntry("state", "0"));
        Map<String, String> offline = redis.hash("mqtt:client:" + client);
        assertThat(offline)
                .containsOnlyKeys("state", "online_at", "offline_at", "node", "epoch")
                .containsEntry("online_at", Long.toString(onlineAt));
        assertThat(Long.parseLong(offline.getOrDefault("offline_at", "")))
                .isBetween(onlineAt, Instant.now().getEpochSecond());
        asserted(() -> assertThat(redis.command("HEXISTS", NODE_KEY, client)).isEqualTo(0L));
    }

    @Test
    void clientThatBreaksOff_isOffline() {
        node.connect(PAHO_3_1_1, "broken").vanish();
        asserted(() -> assertThat(redis.hash("mqtt:client:broken")).containsEntry("state", "0"));
        asserted(() -> assertThat(redis.command("HEXISTS", NODE_KEY, "broken")).isEqualTo(0L));
    }

    @Test
    void clientThatComesBack_isOnlineAgain() {
        node.connect(PAHO_5, "back").disconnect();
        asserted(() -> assertThat(redis.hash("mqtt:client:back")).containsEntry("state", "0"));
        node.connect(PAHO_5, "back");
        assertThat(redis.hash("mqtt:client:back")).containsEntry("state", "1").containsEntry("offline_at", "undefined");
    }

    @Test
    void takeover_endsTheOlderConnection_andTheClientStaysOnline() {
        MqttDevice older = node.connect(PAHO_3_1_1, "taken");
        MqttDevice newer = node.connect(HIVEMQ_5, "taken");
        Eventually.until("the older connection's end", () -> !older.isConnected());
        newer.subscribe("taken/in", 1);
        newer.publish("taken/in", "mine", 1);
        assertThat(newer.next().payload()).isEqualTo("mine");
        assertThat(redis.hash("mqtt:client:taken"))
                .containsEntry("state", "1")
                .containsEntry("offline_at", "undefined");
        assertThat(redis.command("HEXISTS", NODE_KEY, "taken")).isEqualTo(1L);
    }

    @Test
    void takeoverAfterTakeover_leavesTheLastOneOnline() {
        MqttDevice last = node.connect(PAHO_5, "contested");
        for (int i = 0; i < 10; i++) {
            last = node.connect(PAHO_5, "contested");
        }
        last.publish("contested/end", "x", 1); // by then, what was on its way has been written
        assertThat(last.isConnected()).isTrue();
        assertThat(redis.hash("mqtt:client:contested")).containsEntry("state", "1");
        assertThat(redis.command("HEXISTS", NODE_KEY, "contested")).isEqualTo(1L);
        last.disconnect();
        asserted(() -> assertThat(redis.hash("mqtt:client:contested")).containsEntry("state", "0"));
    }

    @Test
    void session_isPresentWhenItPersists_andNotAfterACleanOne() {
        node.connect(PAHO_3_1_1, DeviceOptions.persisting("kept")).disconnect();
        MqttDevice again = node.device(PAHO_3_1_1, DeviceOptions.persisting("kept"));
        assertThat(again.connect()).isTrue();
        again.disconnect();
        assertThat(node.device(PAHO_3_1_1, DeviceOptions.clean("kept")).connect())
                .isFalse();
        assertThat(node.device(PAHO_3_1_1, DeviceOptions.persisting("kept")).connect())
                .isFalse();
    }
}
