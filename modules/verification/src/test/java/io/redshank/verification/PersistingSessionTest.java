package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that outlive their connections, and the node that these were with, on topics that no fetch hook names. */
class PersistingSessionTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    /** How the node goes down while the device is away. */
    private enum Between {
        NOTHING,
        STOP,
        KILL
    }

    @ParameterizedTest
    @CsvSource({
        "PAHO_3_1, NOTHING, 1",
        "PAHO_3_1_1, NOTHING, 2",
        "HIVEMQ_3_1_1, NOTHING, 1",
        "HIVEMQ_5, NOTHING, 1",
        "PAHO_5, STOP, 2",
        "PAHO_3_1_1, KILL, 1",
        "HIVEMQ_5, KILL, 2"
    })
    void whatWasPublishedMeanwhile_arrivesInOrder(MqttLibrary library, Between between, int qos) {
        String client = "away-" + library + between;
        String topic = "plant/" + client;
        MqttDevice device = node.connect(library, DeviceOptions.persisting(client));
        device.subscribe(topic, qos);
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        publisher.publish(topic, "live", qos);
        assertThat(device.next().payload()).isEqualTo("live");
        asserted(() -> assertThat(log.bookmark(client, topic)).isEqualTo(log.onlyId(topic)));
        device.disconnect();
        publisher.publish(topic, "m0", qos);
        goDown(between);

        MqttDevice after = node.connect(HIVEMQ_3_1_1, "publisher");
        for (int i = 1; i < 20; i++) {
            after.publish(topic, "m" + i, qos);
        }
        after.publish(topic, "unseen", 0);
        MqttDevice back = node.device(library, DeviceOptions.persisting(client));
        assertThat(back.connect()).as("session present").isEqualTo(library != MqttLibrary.PAHO_3_1);
        assertThat(back.payloads(20)).isEqualTo(payloads(0, 20));
        after.publish(topic, "live again", qos);
        assertThat(back.next().payload()).isEqualTo("live again");
        asserted(() ->
                assertThat(log.bookmark(client, topic)).isEqualTo(log.ids(topic).get(21)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "PAHO_5"})
    void whatIsNotAcknowledged_comesAgain(MqttLibrary library) {
        String client = "silent-" + library;
        String topic = "plant/" + client;
        node.connect(library, DeviceOptions.persisting(client)).subscribe(topic, 1);
        MqttDevice silent =
                node.connect(library, DeviceOptions.persisting(client).silent());
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        publisher.publish(topic, "a", 1);
        publisher.publish(topic, "b", 1);
        assertThat(silent.payloads(2)).containsExactly("a", "b");
        silent.vanish();
        MqttDevice back = node.connect(library, DeviceOptions.persisting(client));
        assertThat(back.payloads(2)).containsExactly("a", "b");
    }

    /** Bookmarks end some time after their last move, which may be while the device is connected to a quiet topic. */
    @ParameterizedTest
    @EnumSource(names = {"HIVEMQ_3_1_1", "PAHO_5"})
    void whatWasPublishedWhenTheBookmarkHadEnded_arrives(MqttLibrary library) {
        String client = "quiet-" + library;
        String topic = "plant/" + client;
        MqttDevice device = node.connect(library, DeviceOptions.persisting(client));
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        publisher.publish(topic, "before", 1);
        device.subscribe(topic, 1);
        redis.command("DEL", "mqtt:acked:" + client + ":" + topic);
        device.disconnect();
        publisher.publish(topic, "m0", 1);
        publisher.publish(topic, "m1", 1);
        MqttDevice back = node.connect(library, DeviceOptions.persisting(client));
        assertThat(back.payloads(2)).isEqualTo(payloads(0, 2));
        asserted(() ->
                assertThat(log.bookmark(client, topic)).isEqualTo(log.ids(topic).get(2)));
    }

    /** The promise of a PUBACK, with the node killed under a stream of them. */
    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "PAHO_5"})
    void whatWasAcknowledgedBeforeAKill_arrivesInOrder(MqttLibrary library) {
        String client = "kill-" + library;
        String topic = "plant/" + client;
        MqttDevice device = node.connect(library, DeviceOptions.persisting(client));
        device.subscribe(topic, 1);
        device.disconnect();
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher-" + library);
        List<CompletableFuture<Integer>> acknowledgements = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            acknowledgements.add(publisher.publishing(topic, ("m" + i).getBytes(UTF_8), 1, false));
        }
        MqttDevice.within(acknowledgements.get(50));
        node.process().kill();
        long acknowledged = acknowledgements.stream()
                .takeWhile(one -> one.isDone() && !one.isCompletedExceptionally())
                .count();
        node.start();

        MqttDevice back = node.device(library, DeviceOptions.persisting(client));
        assertThat(back.connect()).isTrue();
        node.connect(PAHO_3_1_1, "closing").publish(topic, "end", 1);
        List<String> got = new ArrayList<>();
        do {
            got.add(back.next().payload());
        } while (!got.get(got.size() - 1).equals("end"));
        got.remove("end");
        assertThat(new LinkedHashSet<>(got))
                .as("nothing twice, to a device that acknowledges")
                .hasSameSizeAs(got);
        assertThat(acknowledged).isGreaterThan(50);
        assertThat(got).hasSizeGreaterThanOrEqualTo((int) acknowledged).isEqualTo(payloads(0, got.size()));
    }

    @Test
    void devicesOfAKilledNode_areOfflineWhenItIsBack() {
        node.connect(PAHO_5, DeviceOptions.persisting("orphan"));
        node.connect(PAHO_3_1_1, DeviceOptions.clean("orphan-clean"));
        goDown(Between.KILL);
        asserted(() -> {
            assertThat(redis.hash("mqtt:client:orphan")).containsEntry("state", "0");
            assertThat(redis.hash("mqtt:client:orphan-clean")).containsEntry("state", "0");
            assertThat(redis.hash("mqtt:node:redshank@127.0.0.1")).doesNotContainKeys("orphan", "orphan-clean");
        });
    }

    @Test
    void endOfASession_takesItsKeysAlong() {
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("ended"));
        device.subscribe("plant/ended", 1);
        redis.command("HSET", "mqtt:sub:ended", "plant/by-application", "1");
        assertThat(log.bookmark("ended", "plant/ended")).isNotEqualTo("null");
        device.disconnect();
        node.connect(PAHO_3_1_1, DeviceOptions.clean("ended"));
        asserted(() -> {
            assertThat(redis.hash("mqtt:sub:ended")).isEqualTo(Map.of("plant/by-application", "1"));
            assertThat(log.bookmark("ended", "plant/ended")).isEqualTo("null");
            assertThat(redis.command("EXISTS", "mqtt:session:ended")).isEqualTo(0L);
        });
    }

    private static void goDown(Between how) {
        if (how == Between.STOP) {
            node.process().stop();
            node.start();
        } else if (how == Between.KILL) {
            node.process().kill();
            node.start();
        }
    }

    private static List<String> payloads(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }
}
