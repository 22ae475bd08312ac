package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How much logs hold, and how much of them is given to whom, as devices see it. */
class LogRulesTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.configured("""
            { "mqtt": { "sys_interval": "100ms" },
              "backend": { "redis": {
                "pool1": { "server": "127.0.0.1:1", "database": 1 },
                "msg": { "first_fetch": "last:2" },
                "hook": {
                  "session.subscribed": [
                    { "topic": "all/#", "action": { "function": "on_message_fetch_for_pubsub" }, "pool": "pool1",
                      "first_fetch": "all" },
                    { "topic": "some/#", "action": { "function": "on_message_fetch_for_pubsub" }, "pool": "pool1",
                      "first_fetch": "none", "max_returned_count": 3, "time_range": "1h" } ],
                  "message.publish": [
                    { "topic": "few/#", "action": { "function": "on_message_publish" }, "pool": "pool1", "max_messages": 3 },
                    { "topic": "#", "action": { "function": "on_message_publish" }, "pool": "pool1" } ],
                  "message.acked": [
                    { "topic": "all/#", "action": { "function": "on_message_acked_for_pubsub" }, "pool": "pool1" } ]
                } } } }
            """);

    private final StoredLog log = new StoredLog(node.redis());

    @Test
    void firstFetch_ofAll_isForClientsWithoutASession_too() {
        publish("all/a", 0, 3);
        MqttDevice reader = node.connect(PAHO_3_1_1, "reader");
        reader.subscribe("all/a", 1);
        assertThat(reader.payloads(3)).containsExactly("m0", "m1", "m2");
        reader.disconnect();
        publish("all/a", 3, 1);
        MqttDevice again = node.connect(PAHO_3_1_1, "reader");
        again.subscribe("all/a", 1);
        assertThat(again.next().payload()).isEqualTo("m3");
    }

    @Test
    void firstFetch_asTheDefault_isForSessionsThatPersist() {
        publish("plain/a", 0, 5);
        MqttDevice device = node.connect(HIVEMQ_5, DeviceOptions.persisting("persisting"));
        device.subscribe("plain/a", 1);
        assertThat(device.payloads(2)).containsExactly("m3", "m4");
        MqttDevice other = node.connect(HIVEMQ_5, "other");
        other.subscribe("plain/a", 1);
        other.expectNothing();
    }

    @Test
    void mostReturned_holdsWhenASessionComesBack() {
        MqttDevice device = node.connect(PAHO_5, DeviceOptions.persisting("away"));
        device.subscribe("some/a", 1);
        device.disconnect();
        publish("some/a", 0, 10);
        MqttDevice back = node.connect(PAHO_5, DeviceOptions.persisting("away"));
        assertThat(back.payloads(3)).containsExactly("m7", "m8", "m9");
        MqttDevice watcher = node.connect(HIVEMQ_5, "watcher");
        watcher.subscribe("$SYS/broker/backlog/messages/skipped", 0);
        Arrival said = watcher.next();
        while (!said.payload().equals("7")) {
            said = watcher.next();
        }
    }

    @Test
    void messagesThatLogsMayNotHold_areGone_andTheRestIsDelivered() {
        MqttDevice device = node.connect(PAHO_5, DeviceOptions.persisting("slow"));
        device.subscribe("few/a", 1);
        publish("few/a", 0, 1);
        assertThat(device.next().payload()).isEqualTo("m0");
        device.disconnect();
        publish("few/a", 1, 8);
        assertThat(log.payloads("few/a")).containsExactly("m6", "m7", "m8");
        MqttDevice back = node.connect(PAHO_5, DeviceOptions.persisting("slow"));
        assertThat(back.payloads(3)).containsExactly("m6", "m7", "m8");
    }

    private static void publish(String topic, int from, int count) {
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher");
        for (int i = from; i < from + count; i++) {
            publisher.publish(topic, "m" + i, 1);
        }
        publisher.disconnect();
    }
}
