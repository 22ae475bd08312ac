package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeFixture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits for subscriptions with wildcards while their devices are away. */
class WildcardSessionTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final StoredLog log = new StoredLog(node.redis());

    @ParameterizedTest
    @CsvSource({
        "PAHO_3_1_1, +/%s, 1",
        "PAHO_5, +/%s, 2",
        "HIVEMQ_3_1_1, TopicA/%s/#, 1",
        "HIVEMQ_5, +/+, 2",
        "HIVEMQ_5, #, 1",
    })
    void whatWasPublishedMeanwhile_arrives(MqttLibrary library, String filter, int qos) {
        String client = "away-" + library + qos;
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        publisher.publish("TopicA/" + client, "before", 2);
        MqttDevice device = node.connect(library, DeviceOptions.persisting(client));
        device.subscribe(filter.formatted(client), qos);
        publisher.publish("TopicA/" + client, "live", 2);
        assertThat(device.next().payload()).isEqualTo("live");
        awaitAcknowledged(client, "TopicA/" + client);
        device.disconnect();
        publisher.publish("TopicA/" + client, "unseen", 0);
        for (int i = 0; i < 150; i++) {
            publisher.publish("TopicA/" + client, "m" + i, 1 + i % 2);
        }

        MqttDevice back = node.device(library, DeviceOptions.persisting(client));
        assertThat(back.connect()).as("session present").isTrue();
        for (int i = 0; i < 150; i++) {
            assertThat(back.next())
                    .isEqualTo(new Arrival("TopicA/" + client, "m" + i, Math.min(qos, 1 + i % 2), false));
        }
        publisher.publish("TopicA/" + client, "live again", 2);
        assertThat(back.next().payload()).isEqualTo("live again");
        awaitAcknowledged(client, "TopicA/" + client);
        back.disconnect();
        MqttDevice again = node.connect(library, DeviceOptions.persisting(client));
        publisher.publish("TopicA/" + client, "once", 2);
        assertThat(again.next().payload()).isEqualTo("once");
    }

    /** [MQTT-3.3.4-2]: one copy, at the highest quality granted. */
    @ParameterizedTest
    @EnumSource(names = {"PAHO_3_1_1", "HIVEMQ_5"})
    void overlappingSubscriptions_getEachMessageOnce(MqttLibrary library) {
        String client = "overlap-" + library;
        String topic = "lap/" + client;
        MqttDevice device = node.connect(library, DeviceOptions.persisting(client));
        device.subscribe(topic, 1);
        device.subscribe("+/" + client, 2);
        device.subscribe("lap/#", 0);
        device.subscribe("#", 1);
        device.disconnect();
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        for (int i = 0; i < 10; i++) {
            publisher.publish(topic, "m" + i, 2);
            publisher.publish("other/" + client, "o" + i, 2);
        }
        MqttDevice back = node.connect(library, DeviceOptions.persisting(client));
        List<Arrival> got = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            got.add(back.next());
        }
        publisher.publish(topic, "end", 2);
        assertThat(back.next().payload()).isEqualTo("end");
        assertThat(got).allSatisfy(arrival -> assertThat(arrival.qos()).isEqualTo(2));
        assertThat(got.stream().filter(arrival -> arrival.topic().equals(topic)).map(Arrival::payload))
                .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
        assertThat(new HashSet<>(got)).hasSize(20);
    }

    @Test
    void fiveThousandTopics_allArriveAfterARestart() {
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("many"));
        device.subscribe("many/+/x", 1);
        device.disconnect();
        MqttDevice publisher = node.connect(PAHO_3_1_1, "publisher-many");
        Deque<CompletableFuture<Integer>> stored = new ArrayDeque<>();
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 5000; i++) {
            expected.add("many/" + i + "/x");
            stored.add(publisher.publishing("many/" + i + "/x", "m".getBytes(UTF_8), 1, false));
            if (stored.size() > 500) {
                MqttDevice.within(stored.remove());
            }
        }
        stored.forEach(MqttDevice::within);
        node.process().stop();
        node.start();

        MqttDevice back = node.connect(PAHO_3_1_1, DeviceOptions.persisting("many"));
        MqttDevice live = node.connect(PAHO_3_1_1, "publisher-live");
        live.publish("many/4999/x", "live", 1);
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 5001; i++) {
            Arrival arrival = back.next();
            if (arrival.payload().equals("live")) {
                assertThat(got).as("what came before").contains("many/4999/x");
            } else {
                got.add(arrival.topic());
            }
        }
        assertThat(got).hasSize(5000);
        assertThat(new HashSet<>(got)).isEqualTo(expected);
    }

    /** Nothing that was read is read again, and what was published between two visits comes at the second. */
    @Test
    void secondVisit_getsWhatIsNew() {
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("visitor"));
        device.subscribe("visit/#", 1);
        device.disconnect();
        for (int visit = 0; visit < 5; visit++) {
            publisher.publish("visit/a", "a" + visit, 1);
            publisher.publish("visit/b", "b" + visit, 1);
            MqttDevice back = node.connect(PAHO_3_1_1, DeviceOptions.persisting("visitor"));
            assertThat(back.payloads(2)).containsExactlyInAnyOrder("a" + visit, "b" + visit);
            awaitAcknowledged("visitor", "visit/a");
            awaitAcknowledged("visitor", "visit/b");
            back.disconnect();
        }
    }

    /** [MQTT-3.1.2-4] and [MQTT-3.1.4-4]: a clean start knows nothing of what was before. */
    @Test
    void cleanStart_endsIt() {
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        MqttDevice device = node.connect(PAHO_3_1_1, DeviceOptions.persisting("cleaned"));
        device.subscribe("cleaned/#", 1);
        publisher.publish("cleaned/a", "live", 1);
        assertThat(device.next().payload()).isEqualTo("live");
        device.disconnect();
        publisher.publish("cleaned/a", "lost", 1);
        node.connect(PAHO_3_1_1, DeviceOptions.clean("cleaned")).disconnect();
        asserted(() -> assertThat(node.redis().command("EXISTS", "mqtt:session:cleaned"))
                .isEqualTo(0L));
        MqttDevice back = node.connect(PAHO_3_1_1, DeviceOptions.persisting("cleaned"));
        publisher.publish("cleaned/a", "unsubscribed", 1);
        back.subscribe("cleaned/#", 1);
        back.disconnect();
        publisher.publish("cleaned/a", "new", 1);
        MqttDevice again = node.connect(PAHO_3_1_1, DeviceOptions.persisting("cleaned"));
        assertThat(again.next().payload()).isEqualTo("new");
    }

    private void awaitAcknowledged(String client, String topic) {
        asserted(() -> {
            List<String> ids = log.ids(topic);
            assertThat(log.bookmark(client, topic)).isEqualTo(ids.get(ids.size() - 1));
        });
    }
}
