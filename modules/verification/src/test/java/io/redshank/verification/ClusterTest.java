package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.MqttDevice.within;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static io.redshank.testkit.MqttLibrary.PAHO_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.RawMqtt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three nodes that do everything, with real clients at each of them. */
class ClusterTest {
    private static final int SESSION_TAKEN_OVER = 0x8E;

    @RegisterExtension
    static final ClusterFixture cluster = ClusterFixture.of("a", "b", "c");

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void messages_reachSubscribersAtEachNode_once_andInOrder(int qos) {
        List<MqttDevice> subscribers = new ArrayList<>();
        for (String node : List.of("a", "b", "c")) {
            MqttDevice exact = cluster.connect(node, HIVEMQ_5, "exact-" + node);
            exact.subscribe("across/1", qos);
            MqttDevice wild = cluster.connect(node, PAHO_3_1_1, "wild-" + node);
            wild.subscribe("across/+", qos);
            subscribers.addAll(List.of(exact, wild));
        }
        MqttDevice publisher = cluster.connect("b", HIVEMQ_3_1_1, "publisher");
        List<String> sent = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        sent.forEach(payload -> publisher.publish("across/1", payload, qos));
        subscribers.forEach(subscriber -> assertThat(subscriber.payloads(50)).isEqualTo(sent));
        subscribers.forEach(MqttDevice::expectNothing);
    }

    @Test
    void fromItsSuback_onASubscriberMissesNothing_whateverNodeItIsPublishedAt() {
        MqttDevice subscriber = cluster.connect("a", PAHO_5, "fresh");
        MqttDevice publisher = cluster.connect("c", HIVEMQ_5, "publisher");
        for (int i = 0; i < 200; i++) {
            String topic = "fresh/" + i;
            subscriber.subscribe(i % 2 == 0 ? topic : topic + "/#", 0);
            publisher.publish(topic, "p" + i, 0);
            assertThat(subscriber.next().payload()).isEqualTo("p" + i);
        }
    }

    @Test
    void unsubscribedTopic_isNotSentAnyMore() {
        MqttDevice subscriber = cluster.connect("a", PAHO_5, "leaves");
        MqttDevice publisher = cluster.connect("b", HIVEMQ_5, "publisher");
        subscriber.subscribe("left", 1);
        publisher.publish("left", "before", 1);
        assertThat(subscriber.next().payload()).isEqualTo("before");
        subscriber.unsubscribe("left");
        publisher.publish("left", "after", 1);
        subscriber.expectNothing();
    }

    @Test
    void retainedMessage_isSeenFromEachNode() {
        cluster.connect("a", HIVEMQ_5, "publisher").retain("kept/1", "21.5", 1);
        for (String node : List.of("a", "b", "c")) {
            MqttDevice subscriber = cluster.connect(node, PAHO_5, "late-" + node);
            subscriber.subscribe("kept/+", 1);
            assertThat(subscriber.next()).isEqualTo(new Arrival("kept/1", "21.5", 1, true));
        }
    }

    @Test
    void sharedSubscription_overAllNodes_getsEachMessageOnce() {
        List<MqttDevice> members = new ArrayList<>();
        for (String node : List.of("a", "b", "c")) {
            MqttDevice member = cluster.connect(node, HIVEMQ_5, "member-" + node);
            member.subscribe("$share/g/jobs/#", 1);
            members.add(member);
        }
        MqttDevice atB = cluster.connect("b", PAHO_5, "publisher-b");
        MqttDevice atC = cluster.connect("c", PAHO_5, "publisher-c");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            atB.publish("jobs/b", "b" + i, 1);
            atC.publish("jobs/c", "c" + i, 1);
            sent.addAll(List.of("b" + i, "c" + i));
        }
        List<String> got = new ArrayList<>();
        members.forEach(member -> got.addAll(member.payloads(20)));
        assertThat(got).containsExactlyInAnyOrderElementsOf(sent);
        members.forEach(MqttDevice::expectNothing);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void session_goesOnAtAnotherNode_withWhatWasPublishedAtAThird(int qos) {
        MqttDevice before = cluster.connect("a", HIVEMQ_5, DeviceOptions.persisting("roams-" + qos));
        before.subscribe("roam/" + qos + "/exact", qos);
        before.subscribe("roam/" + qos + "/wild/#", qos);
        before.disconnect();
        MqttDevice publisher = cluster.connect("b", PAHO_5, "publisher");
        for (int i = 0; i < 20; i++) {
            publisher.publish("roam/" + qos + "/exact", "e" + i, qos);
            publisher.publish("roam/" + qos + "/wild/1", "w" + i, qos);
        }
        MqttDevice after = cluster.device("c", HIVEMQ_3_1_1, DeviceOptions.persisting("roams-" + qos));
        assertThat(after.connect()).as("session present").isTrue();
        List<String> got = after.payloads(40);
        assertThat(got.stream().filter(one -> one.startsWith("e")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "e" + i).toList());
        assertThat(got.stream().filter(one -> one.startsWith("w")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "w" + i).toList());
        after.expectNothing();
    }

    @Test
    void clientId_isTakenOver_byAConnectionAtAnotherNode() {
        MqttDevice first = cluster.connect("a", HIVEMQ_5, "taken");
        first.subscribe("taken/1", 1);
        MqttDevice second = cluster.connect("b", PAHO_3_1_1, "taken");
        asserted(() -> assertThat(first.isConnected()).isFalse());
        second.subscribe("taken/2", 1);
        MqttDevice publisher = cluster.connect("c", HIVEMQ_5, "publisher");
        publisher.publish("taken/1", "for nobody", 1);
        publisher.publish("taken/2", "for the second", 1);
        assertThat(second.next().payload()).isEqualTo("for the second");
        assertThat(cluster.redis().command("HGET", "mqtt:client:taken", "state"))
                .isEqualTo("1");
        assertThat(cluster.redis().command("HGET", "mqtt:client:taken", "node")).isEqualTo("b");
    }

    @Test
    void connectionThatIsTakenOverAtAnotherNode_isToldSo() {
        try (RawMqtt first = RawMqtt.connected(cluster.node("a").port(), 5, ConnectPacket.of(5, "told"));
                RawMqtt second = RawMqtt.connected(cluster.node("b").port(), 5, ConnectPacket.of(5, "told"))) {
            first.expectDisconnect(SESSION_TAKEN_OVER);
            second.expectNothing();
        }
    }

    /** The order of each publisher, whatever the topic's log makes of several of them. */
    @Test
    void topicThatIsPublishedToAtSeveralNodes_keepsEachPublishersOrder() {
        MqttDevice subscriber = cluster.connect("c", HIVEMQ_5, DeviceOptions.persisting("orderly"));
        subscriber.subscribe("order/1", 2);
        MqttDevice atA = cluster.connect("a", HIVEMQ_5, "publisher-a");
        MqttDevice atB = cluster.connect("b", HIVEMQ_5, "publisher-b");
        List<CompletableFuture<Integer>> acknowledged = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            acknowledged.add(atA.publishing("order/1", ("a" + i).getBytes(UTF_8), 2, false));
            acknowledged.add(atB.publishing("order/1", ("b" + i).getBytes(UTF_8), 2, false));
        }
        acknowledged.forEach(one -> assertThat(within(one)).isLessThan(0x80));
        List<String> got = subscriber.payloads(400);
        for (String publisher : List.of("a", "b")) {
            assertThat(got.stream().filter(one -> one.startsWith(publisher)))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 200).mapToObj(i -> publisher + i).toList());
        }
        subscriber.expectNothing();
    }

    @Test
    void killedNode_itsClientsAreOffline_andTheirWillsPublishedOnce() {
        MqttDevice watcher = cluster.connect("a", HIVEMQ_5, "watcher");
        watcher.subscribe("wills/#", 1);
        for (int i = 0; i < 5; i++) {
            cluster.connect(
                    "c",
                    MqttLibrary.HIVEMQ_5,
                    DeviceOptions.clean("dies-" + i).withWill(new Arrival("wills/" + i, "gone", 1, false)));
        }
        cluster.node("c").kill();
        assertThat(watcher.inbox().next(5))
                .extracting(Arrival::topic)
                .containsExactlyInAnyOrder("wills/0", "wills/1", "wills/2", "wills/3", "wills/4");
        for (int i = 0; i < 5; i++) {
            String key = "mqtt:client:dies-" + i;
            asserted(() ->
                    assertThat(cluster.redis().command("HGET", key, "state")).isEqualTo("0"));
        }
        asserted(
                () -> assertThat(cluster.redis().command("HLEN", "mqtt:node:c")).isEqualTo(0L));
        watcher.expectNothing();
    }

    /** Its clients are set offline and go elsewhere; when it goes on, it knows that it was given up, and begins anew. */
    @Test
    void frozenNode_isGivenUp_andBeginsAnewWhenItGoesOn() {
        MqttDevice before = cluster.connect("c", HIVEMQ_5, DeviceOptions.persisting("frozen"));
        before.subscribe("frozen/1", 1);
        cluster.freeze("c");
        asserted(() -> assertThat(cluster.redis().command("HGET", "mqtt:client:frozen", "state"))
                .isEqualTo("0"));
        MqttDevice publisher = cluster.connect("a", PAHO_5, "publisher");
        publisher.publish("frozen/1", "meanwhile", 1);
        MqttDevice after = cluster.connect("b", PAHO_5, DeviceOptions.persisting("frozen"));
        assertThat(after.next().payload()).isEqualTo("meanwhile");
        cluster.thaw("c");
        asserted(() -> assertThat(cluster.node("c").errWith("Serving again")).isNotEmpty());
        assertThat(cluster.redis().command("HGET", "mqtt:client:frozen", "node"))
                .isEqualTo("b");
        cluster.connect("c", HIVEMQ_5, "publisher-c").publish("frozen/1", "at the thawed one", 1);
        assertThat(after.next().payload()).isEqualTo("at the thawed one");
    }
}
