package io.redshank.verification.chaos;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that serves clients and nothing else, with two that work on Redis and serve none. */
class ClusterRolesTest {
    private static final String BACKEND = "[\"connection\",\"messages\",\"retained\",\"acks\"]";
    /** At worst a killed node is noticed after four of them; its connections mostly tell at once. */
    private static final Duration SECONDS = Duration.ofSeconds(6);

    @RegisterExtension
    static final ClusterFixture cluster =
            ClusterFixture.of().and("back-1", BACKEND).and("back-2", BACKEND).and("front", "[\"mqtt\"]");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void message_reachesItsSubscribers(int qos) {
        MqttDevice exact = cluster.connect("front", HIVEMQ_5, "exact-" + qos);
        exact.subscribe("roles/" + qos, qos);
        MqttDevice wild = cluster.connect("front", PAHO_3_1_1, "wild-" + qos);
        wild.subscribe("roles/" + qos + "/#", qos);
        MqttDevice publisher = cluster.connect("front", PAHO_5, "publisher-" + qos);
        List<String> sent = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        sent.forEach(payload -> publisher.publish("roles/" + qos, payload, qos));
        assertThat(exact.payloads(50)).isEqualTo(sent);
        assertThat(wild.payloads(50)).isEqualTo(sent);
        exact.expectNothing();
        wild.expectNothing();
    }

    @Test
    void retainedMessage_isKeptAndCleared() {
        MqttDevice publisher = cluster.connect("front", HIVEMQ_5, "retainer");
        publisher.retain("roles/kept", "21.5", 1);
        MqttDevice late = cluster.connect("front", PAHO_5, "late");
        late.subscribe("roles/+", 1);
        assertThat(late.next()).isEqualTo(new Arrival("roles/kept", "21.5", 1, true));
        publisher.retain("roles/kept", "", 1);
        asserted(() -> assertThat(cluster.redis().command("EXISTS", "mqtt:retain:roles/kept"))
                .isEqualTo(0L));
    }

    @Test
    void client_isOnlineAtTheNodeThatItIsConnectedTo_andGoes() {
        MqttDevice device = cluster.connect("front", HIVEMQ_5, "seen");
        asserted(() -> assertThat(cluster.redis().hash("mqtt:client:seen"))
                .containsEntry("state", "1")
                .containsEntry("node", "front"));
        device.disconnect();
        asserted(() -> assertThat(cluster.redis().hash("mqtt:client:seen")).containsEntry("state", "0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void session_goesOn_withWhatWasPublishedMeanwhile(int qos) {
        DeviceOptions options = DeviceOptions.persisting("returns-" + qos);
        MqttDevice before = cluster.connect("front", HIVEMQ_5, options);
        before.subscribe("roles/offline/" + qos, qos);
        before.disconnect();
        MqttDevice publisher = cluster.connect("front", PAHO_5, "meanwhile-" + qos);
        List<String> sent = IntStream.range(0, 20).mapToObj(i -> "m" + i).toList();
        sent.forEach(payload -> publisher.publish("roles/offline/" + qos, payload, qos));
        MqttDevice after = cluster.device("front", PAHO_3_1_1, options);
        assertThat(after.connect()).as("session present").isTrue();
        assertThat(after.payloads(20)).isEqualTo(sent);
        after.expectNothing();
    }

    /** Both of them are, one after the other, so that what was served here goes there and back. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void killedBackend_losesAndDoublesNothing_andPublishingGoesOn(int qos) {
        List<String> topics =
                IntStream.range(0, 4).mapToObj(i -> "load/" + qos + "/" + i).toList();
        try (Traffic traffic = new Traffic(qos, List.of(cluster.node("front").port()))) {
            traffic.listen("load-wild-" + qos, 5, "load/" + qos + "/#", topics);
            for (int i = 0; i < topics.size(); i++) {
                int version = i % 2 == 0 ? 3 : 5;
                traffic.listen("load-listener-" + qos + "-" + i, version, topics.get(i), List.of(topics.get(i)));
                traffic.publish("load-publisher-" + qos + "-" + i, version, topics.get(i));
            }
            traffic.goOn(100);
            for (String name : List.of("back-1", "back-2")) {
                cluster.node(name).kill();
                traffic.goOn(100);
                cluster.start(name);
                traffic.goOn(100);
            }
            traffic.endsWithNothingLostDoubledOrOutOfOrder();
            assertThat(traffic.longestPause()).isLessThan(SECONDS);
        }
    }
}
