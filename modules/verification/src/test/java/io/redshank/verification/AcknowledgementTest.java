package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RedisFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What an acknowledgement promises while Redis does not answer, is gone, or refuses. */
class AcknowledgementTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped()
            .withPersistentRedis()
            .with(setup -> setup.set("backend.redis.pool1.query_timeout", "1s"));

    @RegisterExtension
    static final NodeFixture rejecting = NodeFixture.asShipped()
            .with(setup ->
                    setup.set("backend.redis.pool1.query_timeout", "500ms").set("backend.on_outage", "reject"));

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "HIVEMQ_5"})
    void whileRedisIsFrozen_publishesWait_andQos0GoesOn(MqttLibrary library) {
        String topic = "frozen/" + library;
        MqttDevice receiver = node.connectWhenServed(HIVEMQ_5, "receiver");
        receiver.subscribe(topic, 2);
        receiver.subscribe("live", 0);
        MqttDevice publisher = node.connectWhenServed(library, "waiting");
        redis.freeze();
        List<CompletableFuture<Integer>> acknowledgements = publishAll(publisher, topic, 30);
        publisher.publish("live", "qos 0", 0);
        assertThat(receiver.next().payload()).isEqualTo("qos 0");
        assertThat(acknowledgements).noneMatch(CompletableFuture::isDone);
        redis.thaw();
        acknowledgements.forEach(one -> assertThat(MqttDevice.within(one)).isLessThan(0x80));
        assertThat(receiver.payloads(30)).isEqualTo(payloads(30));
        assertThat(log.payloads(topic)).isEqualTo(payloads(30));
    }

    /** Longer than a query may take: the connection is given up meanwhile, and what was sent on it is sent again. */
    @Test
    void whileRedisIsFrozenForLong_nothingIsLostOrDoubled() {
        MqttDevice receiver = node.connectWhenServed(HIVEMQ_5, "receiver");
        receiver.subscribe("long/t", 1);
        MqttDevice publisher = node.connectWhenServed(PAHO_3_1_1, "patient");
        int before = node.process().errWith("Redis pool is down").size();
        redis.freeze();
        List<CompletableFuture<Integer>> acknowledgements = publishAll(publisher, "long/t", 30);
        Eventually.until(
                "the node noticing",
                () -> node.process().errWith("Redis pool is down").size() > before);
        assertThat(acknowledgements).noneMatch(CompletableFuture::isDone);
        redis.thaw();
        acknowledgements.forEach(MqttDevice::within);
        assertThat(receiver.payloads(30)).isEqualTo(payloads(30));
        assertThat(log.payloads("long/t")).isEqualTo(payloads(30));
        receiver.expectNothing();
    }

    @Test
    void whileRedisIsGone_publishesWait_andAreStoredWhenItIsBack() {
        MqttDevice receiver = node.connectWhenServed(HIVEMQ_3_1_1, "receiver");
        receiver.subscribe("gone/+", 1);
        MqttDevice publisher = node.connectWhenServed(PAHO_3_1_1, "patient");
        publisher.publish("gone/before", "before", 1);
        assertThat(receiver.next().payload()).isEqualTo("before");
        redis.kill();
        List<CompletableFuture<Integer>> acknowledgements = publishAll(publisher, "gone/t", 30);
        publisher.publish("gone/zero", "qos 0", 0);
        assertThat(receiver.next().payload()).isEqualTo("qos 0");
        assertThat(acknowledgements).noneMatch(CompletableFuture::isDone);
        redis.restart();
        acknowledgements.forEach(MqttDevice::within);
        assertThat(receiver.payloads(30)).isEqualTo(payloads(30));
        assertThat(log.payloads("gone/t")).isEqualTo(payloads(30));
        assertThat(log.payloads("gone/before")).containsExactly("before");
        node.connectWhenServed(HIVEMQ_5, "after").subscribe("gone/after", 1);
        assertThat(redis.hash("mqtt:client:after")).containsEntry("state", "1");
    }

    @ParameterizedTest
    @CsvSource({"PAHO_3_1, 1", "PAHO_3_1_1, 2", "PAHO_5, 1", "HIVEMQ_3_1_1, 1", "HIVEMQ_5, 1", "HIVEMQ_5, 2"})
    void logOfAnotherType_isNoSuccess_andTouchesNobodyElse(MqttLibrary library, int qos) {
        String topic = "wrong/" + library + qos;
        redis.command("SET", "mqtt:msg:" + topic, "not a log");
        MqttDevice other = node.connectWhenServed(HIVEMQ_3_1_1, "other");
        other.subscribe("right/t", 1);
        MqttDevice publisher = node.connectWhenServed(library, "unlucky");
        CompletableFuture<Integer> outcome = publisher.publishing(topic, "x".getBytes(UTF_8), qos, false);
        if (library.speaksMqtt5()) {
            assertThat(MqttDevice.within(outcome)).isGreaterThanOrEqualTo(0x80);
            assertThat(publisher.isConnected()).isTrue();
        } else {
            Eventually.until("the end of a connection that cannot be told more", () -> !publisher.isConnected());
            assertThat(outcome.isDone() && !outcome.isCompletedExceptionally()).isFalse();
        }
        assertThat(redis.command("GET", "mqtt:msg:" + topic)).isEqualTo("not a log");
        asserted(() -> assertThat(node.process().errWith("mqtt:msg:" + topic)).isNotEmpty());
        other.publish("right/t", "fine", 1);
        assertThat(other.next().payload()).isEqualTo("fine");
    }

    @Test
    void rejectingNode_refusesWhileRedisIsFrozen_andServesAfterwards() {
        MqttDevice publisher = rejecting.connect(HIVEMQ_5, "refused");
        rejecting.redis().freeze();
        CompletableFuture<Integer> outcome = publisher.publishing("t", "x".getBytes(UTF_8), 1, false);
        assertThat(MqttDevice.within(outcome)).isGreaterThanOrEqualTo(0x80);
        rejecting.redis().thaw();
        asserted(() -> assertThat(MqttDevice.within(publisher.publishing("t", "y".getBytes(UTF_8), 1, false)))
                .isLessThan(0x80));
    }

    @Test
    void connectWhileRedisIsGone_isAnsweredWhenItIsBack_orRefused() {
        redis.kill();
        MqttDevice device = node.device(PAHO_3_1_1, DeviceOptions.clean("hopeful"));
        CompletableFuture<Boolean> connecting = CompletableFuture.supplyAsync(device::connect);
        redis.restart();
        CompletableFuture<String> outcome = connecting.handle((present, failure) -> failure == null ? "in" : "refused");
        assertThat(MqttDevice.within(outcome)).isIn("in", "refused");
        node.connectWhenServed(HIVEMQ_5, "hopeful");
        asserted(() -> assertThat(redis.hash("mqtt:client:hopeful")).containsEntry("state", "1"));
    }

    private static List<CompletableFuture<Integer>> publishAll(MqttDevice publisher, String topic, int count) {
        List<CompletableFuture<Integer>> acknowledgements = new ArrayList<>();
        for (String payload : payloads(count)) {
            acknowledgements.add(publisher.publishing(topic, payload.getBytes(UTF_8), 1, false));
        }
        return acknowledgements;
    }

    private static List<String> payloads(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }
}
