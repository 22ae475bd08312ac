package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Concern;
import io.redshank.events.Instance;
import io.redshank.events.Member;
import io.redshank.events.Topology;
import io.redshank.model.NodeName;
import io.redshank.testkit.Arrival;
import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions whose members are on several nodes, of which one that does not own the subscription goes. */
class SharedSubscriptionClusterTest {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final int MESSAGES = 300;

    @RegisterExtension
    static final ClusterFixture cluster = ClusterFixture.of("a", "b", "c");

    /** What it was sent and has not acknowledged goes to others, once, and nothing more goes to it. */
    @RepeatedTest(3)
    void killedNode_whatItsMemberHasNotAcknowledged_goesToOthers() {
        String filter = "$share/killed/left/1";
        String owner = ownerOf(filter);
        String dies = otherThan(owner);
        MqttDevice staying = cluster.connect(owner, MqttLibrary.HIVEMQ_5, "staying");
        staying.subscribe(filter, 1);
        MqttDevice publisher = cluster.connect(owner, MqttLibrary.PAHO_5, "publisher");
        List<String> taken = new ArrayList<>();
        try (RawMqtt dying = RawMqtt.connected(cluster.node(dies).port(), 5, ConnectPacket.of(5, "dying"))) {
            dying.send(Packets.subscribe(5, 1, filter, 1)).next(RawPacket.SUBACK);
            IntStream.range(0, 40).forEach(i -> publisher.publish("left/1", "m" + i, 1));
            for (int i = 0; i < 20; i++) {
                RawPacket one = dying.next(RawPacket.PUBLISH);
                if (i < 5) {
                    taken.add(one.payload(5));
                    dying.send(Packets.puback(one.packetId()));
                }
            }
            // the owner answers this one behind what was acknowledged, which could come twice if it had not heard of it
            dying.send(Packets.subscribe(5, 2, filter, 1)).next(RawPacket.SUBACK);
            staying.inbox().next(20).forEach(arrival -> taken.add(arrival.payload()));
            cluster.node(dies).kill();
        }
        staying.inbox().next(15).forEach(arrival -> taken.add(arrival.payload()));
        assertThat(taken).hasSize(40).doesNotHaveDuplicates();
        IntStream.range(40, 60).forEach(i -> publisher.publish("left/1", "m" + i, 1));
        assertThat(staying.payloads(20))
                .isEqualTo(IntStream.range(40, 60).mapToObj(i -> "m" + i).toList());
        staying.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void killedNode_underLoad_losesNothing(int qos) {
        Churn churn = new Churn("killed-" + qos, qos);
        churn.publish(MESSAGES);
        cluster.node(churn.goes).kill();
        churn.publish(MESSAGES);
        asserted(() -> assertThat(churn.received()).containsExactlyInAnyOrderElementsOf(churn.sent));
    }

    /** Also not twice, since it hands over what it has before it goes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nodeThatLeavesInOrder_underLoad_losesAndDoublesNothing(int qos) {
        Churn churn = new Churn("ordered-" + qos, qos);
        churn.publish(MESSAGES);
        cluster.node(churn.goes).stop();
        churn.publish(MESSAGES);
        asserted(() -> assertThat(churn.received()).containsExactlyInAnyOrderElementsOf(churn.sent));
        assertThat(churn.arrivals).doesNotHaveDuplicates();
    }

    /** Two members at each node, and messages that are underway when a node goes. */
    private static final class Churn {
        final String goes;
        final List<String> sent = new ArrayList<>();
        final List<String> arrivals = new ArrayList<>();
        private final String topic;
        private final int qos;
        private final List<MqttDevice> members = new ArrayList<>();
        private final MqttDevice publisher;
        private final List<CompletableFuture<Integer>> underway = new ArrayList<>();

        Churn(String name, int qos) {
            this.topic = name + "/t";
            this.qos = qos;
            String filter = "$share/g/" + name + "/+";
            String owner = ownerOf(filter);
            this.goes = otherThan(owner);
            for (String node : NODES) {
                for (int i = 0; i < 2; i++) {
                    MqttDevice member = cluster.connect(node, MqttLibrary.HIVEMQ_5, name + "-" + node + i);
                    member.subscribe(filter, qos);
                    members.add(member);
                }
            }
            this.publisher = cluster.connect(owner, MqttLibrary.HIVEMQ_5, name + "-publisher");
        }

        /** Leaves them underway, so that some are when the node goes. */
        void publish(int count) {
            for (int i = 0; i < count; i++) {
                String payload = "m" + sent.size();
                sent.add(payload);
                underway.add(publisher.publishing(topic, payload.getBytes(UTF_8), qos, false));
            }
        }

        Set<String> received() {
            underway.forEach(one -> assertThat(MqttDevice.within(one)).isLessThan(0x80));
            arrivals.clear();
            members.forEach(member ->
                    member.inbox().waiting().stream().map(Arrival::payload).forEach(arrivals::add));
            return new HashSet<>(arrivals);
        }
    }

    /** By the same rule as the nodes, which run two event loops each. */
    private static String ownerOf(String filter) {
        List<Member> members = NODES.stream()
                .map(node -> new Member(new NodeName(node), 0, Map.of(Concern.BROKER, 2)))
                .toList();
        Instance owner =
                new Topology(members.get(0), members.subList(1, 3), true).owner(Concern.BROKER, filter.hashCode());
        return Objects.requireNonNull(owner).node().value();
    }

    private static String otherThan(String owner) {
        return NODES.stream().filter(node -> !node.equals(owner)).findFirst().orElseThrow();
    }
}
