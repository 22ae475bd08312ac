package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queues whose messages go to one of several consumers each. */
class LeasedQueueTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.configured("""
            { "node": { "event_loops": 2, "instances": { "mqtt": 2 } },
              "backend": { "redis": {
                "pool1": { "server": "127.0.0.1:1", "database": 1 },
                "hook": {
                  "session.subscribed": [
                    { "topic": "queue/short/#", "action": { "function": "on_message_fetch_for_queue" }, "pool": "pool1",
                      "lease": "1s" },
                    { "topic": "queue/#", "action": { "function": "on_message_fetch_for_queue" }, "pool": "pool1",
                      "lease": "5m" } ]
                } } } }
            """);

    private static final int CONSUMERS = 6;
    private static final int MESSAGES = 600;

    private final StoredLog log = new StoredLog(node.redis());

    @Test
    void liveMessages_goToOneConsumerEach_andAllOfThemGetSome() throws Exception {
        Map<String, AtomicInteger> times = new ConcurrentHashMap<>();
        Map<Integer, List<String>> byConsumer = new HashMap<>();
        List<RawMqtt> consumers = new ArrayList<>();
        for (int i = 0; i < CONSUMERS; i++) {
            RawMqtt consumer = RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "consumer-" + i))
                    .subscribed("queue/jobs", 1);
            List<String> got = new CopyOnWriteArrayList<>();
            byConsumer.put(i, got);
            consumers.add(consumer);
            Thread reader = new Thread(() -> consume(consumer, got, times));
            reader.setDaemon(true);
            reader.start();
        }
        try (RawMqtt publisher = RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "publisher"))) {
            for (int i = 0; i < MESSAGES; i++) {
                publisher.send(publish(4, "queue/jobs", 1, 1 + i, "job" + i));
                if (i % 10 == 9) {
                    for (int k = 0; k < 10; k++) {
                        publisher.next(RawPacket.PUBACK);
                    }
                }
            }
        }
        asserted(() -> assertThat(times).hasSize(MESSAGES));
        asserted(() -> assertThat(log.ids("queue/jobs")).isEmpty());
        assertThat(times.values()).extracting(AtomicInteger::get).containsOnly(1);
        assertThat(byConsumer.values()).allSatisfy(got -> assertThat(got).isNotEmpty());
        asserted(() -> assertThat(node.redis().hash("mqtt:lease:queue/jobs")).isEmpty());
        consumers.forEach(RawMqtt::close);
    }

    @Test
    void backlog_isSharedByThoseWhoComeTogether() {
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher");
        for (int i = 0; i < 60; i++) {
            publisher.publish("queue/backlog", "job" + i, 1);
        }
        MqttDevice one = node.connect(HIVEMQ_5, DeviceOptions.clean("one").silent());
        one.subscribe("queue/backlog", 1);
        assertThat(one.payloads(60)).hasSize(60);
        MqttDevice two = node.connect(HIVEMQ_5, "two");
        two.subscribe("queue/backlog", 1);
        two.expectNothing();
        publisher.publish("queue/backlog", "new", 1);
    }

    @Test
    void messageOfAConsumerThatIsGone_goesToAnotherWhenItsLeaseIsOver() {
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher");
        MqttDevice silent = node.connect(HIVEMQ_5, DeviceOptions.clean("silent").silent());
        silent.subscribe("queue/short/a", 1);
        publisher.publish("queue/short/a", "job", 1);
        assertThat(silent.next().payload()).isEqualTo("job");
        MqttDevice other = node.connect(PAHO_3_1_1, "other");
        other.subscribe("queue/short/a", 1);
        other.expectNothing();
        silent.disconnect();
        assertThat(other.next().payload()).isEqualTo("job");
        asserted(() -> assertThat(log.ids("queue/short/a")).isEmpty());
    }

    private static void consume(RawMqtt consumer, List<String> got, Map<String, AtomicInteger> times) {
        RawPacket packet = consumer.nextOrNull();
        while (packet != null) {
            String payload = packet.payload(4);
            got.add(payload);
            times.computeIfAbsent(payload, first -> new AtomicInteger()).incrementAndGet();
            consumer.send(puback(packet.packetId()));
            packet = consumer.nextOrNull();
        }
    }
}
