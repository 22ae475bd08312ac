package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Retained messages: in Redis for applications, and for subscribers with and without wildcards. */
class RetainedTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private MqttDevice publisher = node.device(HIVEMQ_3_1_1, DeviceOptions.clean("publisher"));

    @BeforeEach
    void connectPublisher() {
        publisher = node.connect(HIVEMQ_3_1_1, "publisher");
    }

    @ParameterizedTest
    @EnumSource
    void retained_isAHash_untilAnEmptyPayloadDeletesIt(MqttLibrary library) {
        MqttDevice device = node.connect(library, "retaining");
        for (int qos = 0; qos <= 2; qos++) {
            String topic = "retained/" + library + "/" + qos;
            device.retain(topic, "Hello world!", qos);
            asserted(() ->
                    assertThat(redis.command("TYPE", "mqtt:retain:" + topic)).isEqualTo("hash"));
            Map<String, String> fields = redis.hash("mqtt:retain:" + topic);
            assertThat(fields.remove("id")).matches("[0-9A-Za-z]{20}");
            assertThat(Long.parseLong(fields.getOrDefault("ts", "")))
                    .isCloseTo(Instant.now().getEpochSecond(), within(30L));
            fields.remove("ts");
            assertThat(fields)
                    .isEqualTo(Map.of(
                            "from",
                            "retaining",
                            "qos",
                            Integer.toString(qos),
                            "topic",
                            topic,
                            "retain",
                            "true",
                            "payload",
                            "Hello world!"));
            assertThat(redis.command("TTL", "mqtt:retain:" + topic)).isEqualTo(-1L);
            device.retain(topic, "", qos);
            asserted(() ->
                    assertThat(redis.command("EXISTS", "mqtt:retain:" + topic)).isEqualTo(0L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void subscriber_getsWhatItsFilterMatches(MqttLibrary library) {
        String root = "sensors-" + library;
        publisher.retain(root + "/a/temp", "1", 1);
        publisher.retain(root + "/b/temp", "2", 1);
        publisher.retain(root + "/b/hum", "3", 1);
        publisher.retain(root + "/b/temp/max", "4", 1);
        publisher.retain(root, "5", 1);
        assertThat(retained(library, root + "/a/temp", 1)).containsExactly(new Arrival(root + "/a/temp", "1", 1, true));
        assertThat(retained(library, root + "/+/temp", 2))
                .containsExactlyInAnyOrder(
                        new Arrival(root + "/a/temp", "1", 1, true), new Arrival(root + "/b/temp", "2", 1, true));
        assertThat(retained(library, root + "/#", 5))
                .extracting(Arrival::payload)
                .containsExactlyInAnyOrder("1", "2", "3", "4", "5");
        assertThat(retained(library, root + "/b/+", 2))
                .extracting(Arrival::payload)
                .containsExactlyInAnyOrder("2", "3");
        assertThat(retained(library, root + "/+/none", 0)).isEmpty();
    }

    @Test
    void latest_isWhatIsKept_andLiveOnesDoNotSayRetained() {
        MqttDevice listener = node.connect(HIVEMQ_5, "listener");
        listener.subscribe("replaced/#", 1);
        publisher.retain("replaced/t", "old", 1);
        publisher.retain("replaced/t", "new", 1);
        assertThat(listener.next()).isEqualTo(new Arrival("replaced/t", "old", 1, false));
        assertThat(listener.next()).isEqualTo(new Arrival("replaced/t", "new", 1, false));
        assertThat(retained(HIVEMQ_3_1_1, "replaced/+", 1)).containsExactly(new Arrival("replaced/t", "new", 1, true));
        publisher.retain("replaced/t", "", 1);
        assertThat(listener.next())
                .as("the empty one is a message as well")
                .isEqualTo(new Arrival("replaced/t", "", 1, false));
        assertThat(retained(HIVEMQ_3_1_1, "replaced/+", 0)).isEmpty();
    }

    @Test
    void qualityOfService_isTheLowerOfBoth() {
        publisher.retain("lower/two", "x", 2);
        publisher.retain("lower/zero", "x", 0);
        asserted(() -> assertThat(redis.hash("mqtt:retain:lower/zero")).isNotEmpty());
        MqttDevice device = node.connect(PAHO_5, "lower");
        device.subscribe("lower/two", 1);
        assertThat(device.next().qos()).isEqualTo(1);
        device.subscribe("lower/zero", 2);
        assertThat(device.next().qos()).isZero();
    }

    @Test
    void wildcardAtTheStart_doesNotMatchTopicsOfTheServer() {
        putByHand("$private/secret", "hidden"); // which "#" in a hook does not cover either
        publisher.retain("dollar/secret", "shown", 1);
        assertThat(retained(HIVEMQ_3_1_1, "$private/secret", 1))
                .extracting(Arrival::payload)
                .containsExactly("hidden");
        assertThat(retained(HIVEMQ_3_1_1, "+/secret", 1))
                .extracting(Arrival::payload)
                .containsExactly("shown");
        MqttDevice all = node.connect(PAHO_5, "all");
        all.subscribe("#", 1);
        asserted(() ->
                assertThat(all.inbox().waiting()).extracting(Arrival::payload).contains("shown"));
        assertThat(all.inbox().waiting()).extracting(Arrival::topic).noneMatch(topic -> topic.startsWith("$"));
    }

    @Test
    void retainedByAnApplication_isFoundByItsTopicAndByWildcards() {
        putByHand("app/x/temp", "by hand");
        assertThat(retained(HIVEMQ_3_1_1, "app/x/temp", 1))
                .containsExactly(new Arrival("app/x/temp", "by hand", 1, true));
        asserted(() -> {
            MqttDevice device = node.connect(HIVEMQ_5, "wild");
            device.subscribe("app/+/temp", 1);
            device.publish("app/y/temp", "end", 0);
            List<Arrival> got = new ArrayList<>();
            do {
                got.add(device.next());
            } while (!got.get(got.size() - 1).payload().equals("end"));
            assertThat(got).contains(new Arrival("app/x/temp", "by hand", 1, true));
        });
        redis.command("DEL", "mqtt:retain:app/x/temp");
        assertThat(retained(HIVEMQ_3_1_1, "app/x/temp", 0)).isEmpty();
        assertThat(retained(HIVEMQ_3_1_1, "app/+/temp", 0)).isEmpty();
    }

    @Test
    void stringOfTheOlderBroker_isRead() {
        new StoredLog(redis).put("older/t", "MzEzNTk0MDA", "from a body");
        redis.command("SET", "mqtt:retain:older/t", "MzEzNTk0MDA");
        assertThat(retained(HIVEMQ_3_1_1, "older/t", 1))
                .containsExactly(new Arrival("older/t", "from a body", 1, true));
        publisher.retain("older/t", "ours", 1);
        assertThat(redis.command("TYPE", "mqtt:retain:older/t")).isEqualTo("hash");
        assertThat(retained(HIVEMQ_3_1_1, "older/+", 1))
                .extracting(Arrival::payload)
                .containsExactly("ours");
    }

    @Test
    void damagedHash_isSkipped() {
        publisher.retain("damaged/a", "good", 1);
        publisher.retain("damaged/b", "bad", 1);
        redis.command("HDEL", "mqtt:retain:damaged/b", "payload", "topic");
        publisher.retain("damaged/c", "worse", 1);
        redis.command("DEL", "mqtt:retain:damaged/c");
        redis.command("RPUSH", "mqtt:retain:damaged/c", "a list");
        assertThat(retained(HIVEMQ_5, "damaged/+", 1))
                .extracting(Arrival::payload)
                .containsExactly("good");
    }

    @Test
    void twoThousandTopics_givePlusItsMatchesOnly() {
        MqttDevice many = node.connect(PAHO_5, "many");
        List<CompletableFuture<Integer>> acknowledgements = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            String topic = "fleet/%d/%s".formatted(i, i % 10 == 0 ? "temp" : "hum");
            acknowledgements.add(many.publishing(topic, ("v" + i).getBytes(UTF_8), 1, true));
            if (i % 500 == 499) {
                acknowledgements.forEach(MqttDevice::within);
            }
        }
        assertThat(retained(HIVEMQ_3_1_1, "fleet/+/temp", 200))
                .allMatch(Arrival::retain)
                .extracting(Arrival::topic)
                .doesNotHaveDuplicates()
                .allMatch(topic -> topic.endsWith("0/temp"));
        assertThat(retained(HIVEMQ_5, "fleet/#", 2000))
                .extracting(Arrival::topic)
                .doesNotHaveDuplicates();
    }

    @Test
    void restart_keepsThem() {
        publisher.retain("restarted/a", "kept", 1);
        node.process().stop();
        node.start();
        assertThat(retained(HIVEMQ_3_1_1, "restarted/+", 1))
                .extracting(Arrival::payload)
                .containsExactly("kept");
    }

    private void putByHand(String topic, String payload) {
        redis.command(
                "HSET",
                "mqtt:retain:" + topic,
                "id",
                "6P9NLcJ65VXBbC22sYb4",
                "from",
                "test",
                "qos",
                "1",
                "topic",
                topic,
                "retain",
                "true",
                "payload",
                payload,
                "ts",
                "1481690659");
    }

    /** What a new subscriber gets: so many messages, and no more before an answer to something it asked later. */
    private static List<Arrival> retained(MqttLibrary library, String filter, int count) {
        MqttDevice device = node.connect(library, "subscriber");
        device.subscribe(filter, 1);
        List<Arrival> got = device.inbox().next(count);
        device.expectNothing();
        device.disconnect();
        return got;
    }
}
