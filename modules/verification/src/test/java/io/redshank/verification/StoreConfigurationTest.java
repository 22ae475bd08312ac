package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisCli;
import io.redshank.testkit.RedisFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a hook table other than the one as shipped makes of messages: life spans, keep-latest, pools, units of time. */
class StoreConfigurationTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.configured("""
            { "backend": { "redis": {
                "pool1": { "server": "127.0.0.1:1", "database": 1 },
                "pool2": { "server": "127.0.0.1:1", "database": 3 },
                "msg": { "expired_after": 500, "timestamp_unit": "ms" },
                "hook": {
                  "session.created": [ { "action": { "function": "on_subscribe_lookup" }, "pool": "pool1" } ],
                  "client.connected": [ { "action": { "function": "on_client_connected" }, "pool": "pool2" } ],
                  "client.disconnected": [ { "action": { "function": "on_client_disconnected" }, "pool": "pool2" } ],
                  "message.publish": [
                    { "topic": "short/#", "action": { "function": "on_message_publish" }, "pool": "pool1", "expired_time": 60 },
                    { "topic": "none/#", "action": { "function": "on_message_publish" }, "pool": "pool1", "expired_time": 0 },
                    { "topic": "other/#", "action": { "function": "on_message_publish" }, "pool": "pool2" },
                    { "topic": "latest/#", "action": { "function": "on_message_store_keep_latest" }, "pool": "pool1" },
                    { "topic": "#", "action": { "function": "on_message_retain" }, "pool": "pool1" }
                  ],
                  "session.subscribed": [
                    { "topic": "latest/#", "action": { "function": "on_message_fetch_for_keep_latest" }, "pool": "pool1" } ],
                  "session.unsubscribed": [],
                  "message.acked": [
                    { "topic": "latest/#", "action": { "function": "on_message_acked_for_keep_latest" }, "pool": "pool1" } ]
                } } } }
            """)
            .with(setup -> setup.set("backend.redis.pool2.server", server(setup.arguments())));

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    @Test
    void expiredTime_ofTheEntryCounts_andNoneIsTheDefault() {
        MqttDevice device = node.connect(PAHO_3_1_1, "d");
        device.publish("short/a", "x", 1);
        device.publish("none/a", "x", 1);
        assertThat(log.ttl("mqtt:msg:" + log.onlyId("short/a"))).isBetween(30L, 60L);
        assertThat(log.ttl("mqtt:msg:" + log.onlyId("none/a"))).isBetween(450L, 500L);
    }

    @Test
    void timestamps_areMilliseconds() {
        MqttDevice device = node.connect(PAHO_3_1_1, "d");
        device.publish("short/ms", "x", 1);
        assertThat(Long.parseLong(log.message(log.onlyId("short/ms")).getOrDefault("ts", "")))
                .isCloseTo(System.currentTimeMillis(), within(30_000L));
    }

    @Test
    void topicsWithoutAnEntry_areLiveOnly() {
        MqttDevice device = node.connect(PAHO_5, "live");
        device.subscribe("uncovered/a", 2);
        device.publish("uncovered/a", "x", 2);
        assertThat(device.next().payload()).isEqualTo("x");
        assertThat(log.ids("uncovered/a")).isEmpty();
    }

    @Test
    void anotherPool_isAnotherDatabase() {
        MqttDevice device = node.connect(HIVEMQ_5, "pooled");
        device.publish("other/a", "x", 1);
        assertThat(log.ids("other/a")).isEmpty();
        try (RedisCli other = new RedisCli(redis.host(), redis.port(), 3)) {
            assertThat(other.command("ZCARD", "mqtt:msg:other/a")).isEqualTo(1L);
            assertThat(other.command("HGET", "mqtt:client:pooled", "state")).isEqualTo("1");
        }
        assertThat(redis.command("EXISTS", "mqtt:client:pooled")).isEqualTo(0L);
    }

    @Test
    void lookupAtSessionCreated_subscribes() {
        redis.command("HSET", "mqtt:sub:created", "short/created", "1");
        MqttDevice device = node.connect(PAHO_3_1_1, "created");
        device.publish("short/created", "x", 1);
        assertThat(device.next().payload()).isEqualTo("x");
    }

    @Test
    void keepLatest_isTheLatest_untilItIsAcknowledged() {
        MqttDevice device = node.connect(PAHO_3_1_1, "d");
        device.publish("latest/a", "one", 1);
        device.publish("latest/a", "two", 1);
        assertThat(redis.command("TYPE", "mqtt:latest_msg:latest/a")).isEqualTo("hash");
        assertThat(redis.hash("mqtt:latest_msg:latest/a"))
                .containsAllEntriesOf(Map.of("payload", "two", "topic", "latest/a", "qos", "1", "from", "d"));
        assertThat(log.ttl("mqtt:latest_msg:latest/a")).isBetween(450L, 500L);

        MqttDevice silent =
                node.connect(HIVEMQ_3_1_1, DeviceOptions.clean("silent").silent());
        silent.subscribe("latest/a", 1);
        assertThat(silent.next().payload()).isEqualTo("two");
        assertThat(redis.hash("mqtt:latest_msg:latest/a")).containsEntry("payload", "two");

        MqttDevice reader = node.connect(HIVEMQ_5, "reader");
        reader.subscribe("latest/a", 1);
        assertThat(reader.next().payload()).isEqualTo("two");
        asserted(() ->
                assertThat(redis.command("EXISTS", "mqtt:latest_msg:latest/a")).isEqualTo(0L));
        MqttDevice late = node.connect(PAHO_5, "late");
        late.subscribe("latest/a", 1);
        device.publish("latest/a", "three", 1);
        assertThat(late.next().payload()).isEqualTo("three");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void keepLatest_isGivenToASessionThatComesBack(int qos) {
        String topic = "latest/session/" + qos;
        String key = "mqtt:latest_msg:" + topic;
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher");
        MqttDevice away =
                node.connect(HIVEMQ_5, DeviceOptions.persisting("away").silent());
        away.subscribe(topic, qos);
        publisher.publish(topic, "unacknowledged", qos);
        assertThat(away.next().payload()).isEqualTo("unacknowledged");
        away.disconnect();
        MqttDevice again = node.connect(HIVEMQ_5, DeviceOptions.persisting("away"));
        assertThat(again.next().payload()).isEqualTo("unacknowledged");
        asserted(() -> assertThat(redis.command("EXISTS", key)).isEqualTo(0L));
        again.disconnect();
        publisher.publish(topic, "one", qos);
        publisher.publish(topic, "two", qos);
        MqttDevice back = node.connect(HIVEMQ_5, DeviceOptions.persisting("away"));
        assertThat(back.next().payload()).isEqualTo("two");
        back.expectNothing();
        asserted(() -> assertThat(redis.command("EXISTS", key)).isEqualTo(0L));
    }

    @Test
    void keepLatest_isLiveOnly_forWildcards() {
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher");
        publisher.publish("latest/wild/a", "kept", 1);
        MqttDevice device = node.connect(PAHO_5, DeviceOptions.persisting("wild"));
        device.subscribe("latest/wild/+", 1);
        device.expectNothing();
        publisher.publish("latest/wild/a", "live", 1);
        assertThat(device.next().payload()).isEqualTo("live");
        asserted(() -> assertThat(redis.command("EXISTS", "mqtt:latest_msg:latest/wild/a"))
                .isEqualTo(0L));
    }

    /** The address that the fixture gives to the first pool. */
    private static String server(List<String> arguments) {
        String prefix = "backend.redis.pool1.server=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(prefix))
                .findFirst()
                .orElseThrow()
                .substring(prefix.length());
    }
}
