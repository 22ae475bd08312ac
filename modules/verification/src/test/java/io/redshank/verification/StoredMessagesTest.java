package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages in Redis, by topic, and the ways in which clients without a session get them later. */
class StoredMessagesTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());
    private MqttDevice publisher = node.device(HIVEMQ_3_1_1, DeviceOptions.clean("publisher"));

    @BeforeEach
    void connectPublisher() {
        publisher = node.connect(HIVEMQ_3_1_1, "publisher");
    }

    @ParameterizedTest
    @EnumSource
    void publish_isAHashAndAPlaceInTheLog(MqttLibrary library) {
        String topic = "stored/" + library;
        MqttDevice device = node.connect(library, "storing");
        for (int qos = 1; qos <= 2; qos++) {
            redis.command("DEL", "mqtt:msg:" + topic);
            device.publish(topic, "Hello world!", qos);
            assertThat(redis.command("TYPE", "mqtt:msg:" + topic)).isEqualTo("zset");
            String id = log.onlyId(topic);
            assertThat(id).matches("[0-9A-Za-z]{20}");
            assertThat(redis.command("ZSCORE", "mqtt:msg:" + topic, id)).isEqualTo("1");
            assertThat(redis.command("TYPE", "mqtt:msg:" + id)).isEqualTo("hash");
            Map<String, String> message = log.message(id);
            assertThat(Long.parseLong(message.getOrDefault("ts", "")))
                    .isCloseTo(Instant.now().getEpochSecond(), within(30L));
            message.remove("ts");
            assertThat(message)
                    .isEqualTo(Map.of(
                            "id",
                            id,
                            "from",
                            "storing",
                            "qos",
                            Integer.toString(qos),
                            "topic",
                            topic,
                            "retain",
                            "false",
                            "payload",
                            "Hello world!"));
            assertThat(log.ttl("mqtt:msg:" + id)).isBetween(3500L, 3600L);
        }
    }

    @Test
    void payloadOfAnyBytes_isKeptAsItIs() {
        byte[] payload = new byte[256];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) i;
        }
        assertThat(MqttDevice.within(publisher.publishing("stored/bytes", payload, 1, false)))
                .isZero();
        String id = log.onlyId("stored/bytes");
        assertThat((byte[]) redis.binary("HGET", "mqtt:msg:" + id, "payload")).isEqualTo(payload);
    }

    @Test
    void qos0_isNotStored() {
        publisher.publish("stored/qos0", "gone", 0);
        publisher.publish("stored/qos0", "kept", 1);
        assertThat(log.payloads("stored/qos0")).containsExactly("kept");
    }

    @ParameterizedTest
    @CsvSource({"PAHO_3_1_1, 1", "PAHO_5, 2", "HIVEMQ_5, 1", "HIVEMQ_3_1_1, 2"})
    void twoHundredMessages_areReadBackInTheOrderOfTheirPublish(MqttLibrary library, int qos) {
        MqttDevice device = node.connect(library, "many-" + library);
        List<CompletableFuture<Integer>> acknowledgements = new ArrayList<>();
        Map<String, List<String>> published = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            String topic = "many/" + library + "/" + i * 31 % 7;
            published.computeIfAbsent(topic, none -> new ArrayList<>()).add("m" + i);
            acknowledgements.add(device.publishing(topic, ("m" + i).getBytes(UTF_8), qos, false));
        }
        acknowledgements.forEach(MqttDevice::within);
        List<String> ids = new ArrayList<>();
        published.forEach((topic, payloads) -> {
            assertThat(log.payloads(topic)).as(topic).isEqualTo(payloads);
            ids.addAll(log.ids(topic));
        });
        ids.sort(null);
        assertThat(ids.stream().map(id -> log.message(id).getOrDefault("payload", "")))
                .as("all of them, by their ids")
                .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "m" + i).toList());
    }

    @ParameterizedTest
    @CsvSource({"PAHO_3_1_1, 1", "PAHO_5, 2", "HIVEMQ_5, 1", "HIVEMQ_3_1_1, 2"})
    void queue_isFetchedAndDeletedWhenAcknowledged(MqttLibrary library, int qos) {
        String topic = "queue/" + library;
        for (int i = 0; i < 5; i++) {
            publisher.publish(topic, "job" + i, qos);
        }
        List<String> ids = log.ids(topic);
        MqttDevice worker = node.connect(library, "worker");
        worker.subscribe(topic, qos);
        assertThat(worker.payloads(5)).containsExactly("job0", "job1", "job2", "job3", "job4");
        asserted(() -> assertThat(redis.command("EXISTS", "mqtt:msg:" + topic)).isEqualTo(0L));
        assertThat(ids).hasSize(5).allSatisfy(id -> assertThat(log.message(id)).isEmpty());
        publisher.publish(topic, "live", qos); // deleted just the same
        assertThat(worker.next().payload()).isEqualTo("live");
        asserted(() -> assertThat(redis.command("EXISTS", "mqtt:msg:" + topic)).isEqualTo(0L));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "HIVEMQ_5"})
    void queue_keepsWhatIsNotAcknowledged(MqttLibrary library) {
        String topic = "queue/unacknowledged/" + library;
        publisher.publish(topic, "a", 1);
        publisher.publish(topic, "b", 1);
        MqttDevice silent = node.connect(library, DeviceOptions.clean("silent").silent());
        silent.subscribe(topic, 1);
        assertThat(silent.payloads(2)).containsExactly("a", "b");
        assertThat(log.payloads(topic)).containsExactly("a", "b");
        silent.disconnect();
        MqttDevice worker = node.connect(library, "worker");
        worker.subscribe(topic, 1);
        assertThat(worker.payloads(2)).containsExactly("a", "b");
        asserted(() -> assertThat(log.ids(topic)).isEmpty());
    }

    @Test
    void queue_getsWhatAnApplicationHasPutThere() {
        log.put("queue/app", "an-id-of-another-form", "by hand");
        MqttDevice worker = node.connect(PAHO_5, "worker");
        worker.subscribe("queue/app", 1);
        assertThat(worker.next()).isEqualTo(new Arrival("queue/app", "by hand", 1, false));
        asserted(() -> assertThat(log.ids("queue/app")).isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void pubsub_startsAtTheEndOfTheLog_andGoesOnFromTheBookmark(MqttLibrary library) {
        String topic = "pubsub/" + library;
        String client = "reader-" + library;
        publisher.publish(topic, "history", 1);
        MqttDevice reader = node.connect(library, client);
        reader.subscribe(topic, 1);
        publisher.publish(topic, "live", 1);
        assertThat(reader.next().payload()).as("no history for the first time").isEqualTo("live");
        asserted(() ->
                assertThat(log.bookmark(client, topic)).isEqualTo(log.ids(topic).get(1)));
        assertThat(redis.command("TYPE", "mqtt:acked:" + client + ":" + topic)).isEqualTo("string");
        reader.disconnect();

        publisher.publish(topic, "missed1", 1);
        publisher.publish(topic, "missed2", 2);
        MqttDevice again = node.connect(library, client);
        again.subscribe(topic, 1);
        assertThat(again.payloads(2)).containsExactly("missed1", "missed2");
        asserted(() ->
                assertThat(log.bookmark(client, topic)).isEqualTo(log.ids(topic).get(3)));
        assertThat(log.payloads(topic)).containsExactly("history", "live", "missed1", "missed2");

        again.unsubscribe(topic);
        asserted(() -> assertThat(log.bookmark(client, topic)).isEqualTo("null"));
    }

    @Test
    void pubsub_ofAnEmptyLog_missesNothingAfterwards() {
        MqttDevice reader = node.connect(PAHO_3_1_1, "early");
        reader.subscribe("pubsub/empty", 1);
        asserted(() -> assertThat(log.bookmark("early", "pubsub/empty")).isNotEqualTo("null"));
        reader.disconnect();
        publisher.publish("pubsub/empty", "first", 1);
        MqttDevice again = node.connect(PAHO_3_1_1, "early");
        again.subscribe("pubsub/empty", 1);
        assertThat(again.next().payload()).isEqualTo("first");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void pubsub_bookmarkThatAnApplicationMoves_isWhereReadingStarts(int moved) {
        String topic = "pubsub/moved/" + moved;
        for (int i = 0; i < 4; i++) {
            publisher.publish(topic, "m" + i, 1);
        }
        redis.command("SET", "mqtt:acked:rewinder:" + topic, log.ids(topic).get(moved));
        MqttDevice rewinder = node.connect(HIVEMQ_3_1_1, "rewinder");
        rewinder.subscribe(topic, 1);
        assertThat(rewinder.payloads(3 - moved))
                .isEqualTo(List.of("m1", "m2", "m3").subList(moved, 3));
        rewinder.expectNothing();
    }

    @Test
    void pubsub_readersHaveEachTheirOwnPlace() {
        MqttDevice one = node.connect(HIVEMQ_5, "one");
        MqttDevice two = node.connect(PAHO_5, "two");
        one.subscribe("pubsub/each", 1);
        two.subscribe("pubsub/each", 1);
        publisher.publish("pubsub/each", "both", 1);
        assertThat(one.next().payload()).isEqualTo("both");
        assertThat(two.next().payload()).isEqualTo("both");
        asserted(() -> assertThat(log.bookmark("one", "pubsub/each")).isEqualTo(log.onlyId("pubsub/each")));
        one.disconnect();
        publisher.publish("pubsub/each", "later", 1);
        assertThat(two.next().payload()).isEqualTo("later");
        MqttDevice again = node.connect(HIVEMQ_5, "one");
        again.subscribe("pubsub/each", 1);
        assertThat(again.next().payload()).isEqualTo("later");
    }

    @Test
    void bodyThatAnApplicationHasDamaged_isSkipped() {
        for (int i = 0; i < 3; i++) {
            publisher.publish("queue/damaged", "m" + i, 1);
        }
        List<String> ids = log.ids("queue/damaged");
        redis.command("DEL", "mqtt:msg:" + ids.get(0));
        redis.command("HDEL", "mqtt:msg:" + ids.get(1), "topic", "payload");
        MqttDevice worker = node.connect(PAHO_3_1_1, "worker");
        worker.subscribe("queue/damaged", 1);
        assertThat(worker.next().payload()).isEqualTo("m2");
        worker.expectNothing();
    }
}
