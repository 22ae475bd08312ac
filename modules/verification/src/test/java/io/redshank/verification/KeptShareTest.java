package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.Eventually.isEqual;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Concern;
import io.redshank.events.Instance;
import io.redshank.events.Member;
import io.redshank.events.Topology;
import io.redshank.model.NodeName;
import io.redshank.testkit.Arrival;
import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions of sessions that persist: they have a place in the logs, whoever is connected, and whichever node dies. */
class KeptShareTest {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final int UNDERWAY = 20;
    private static final int MOST = 20_000;
    private static final int BEFORE_AND_AFTER = 500;

    @RegisterExtension
    static final ClusterFixture cluster = ClusterFixture.of("a", "b", "c");

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void ownerThatIsKilled_underLoad_losesNothing(int qos) {
        String filter = "$share/g/killed" + qos + "/+";
        String owner = ownerOf(filter, NODES);
        Load load = new Load("killed" + qos, qos, filter, others(owner));
        load.during(() -> cluster.node(owner).kill());
        load.expectAll();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void memberWhoseNodeIsKilled_underLoad_getsTheRestElsewhere(int qos) {
        String filter = "$share/g/moved" + qos + "/+";
        String owner = ownerOf(filter, NODES);
        String dies = others(owner).get(0);
        Load load = new Load("moved" + qos, qos, filter, others(dies));
        MqttDevice moves = member(dies, "moved" + qos + "-moves");
        moves.subscribe(filter, qos);
        load.during(() -> cluster.node(dies).kill());
        load.addMember(moves);
        load.addMember(member(owner, "moved" + qos + "-moves"));
        load.expectAllReceived();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void nodeThatComes_underLoad_changesNothing(int qos) {
        String filter = filterOwnedBy("c", "joins" + qos);
        cluster.node("c").stop();
        Load load = new Load("joins" + qos, qos, filter, List.of("a", "b"));
        load.during(() -> cluster.start("c"));
        load.expectAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"offline/one", "offline/+"})
    void whatComesWhileNobodyIsConnected_waits(String topics) {
        String filter = "$share/w" + topics.length() + "/" + topics;
        MqttDevice first = member("a", "first" + topics.length());
        MqttDevice second = member("b", "second" + topics.length());
        first.subscribe(filter, 1);
        second.subscribe(filter, 2);
        MqttDevice publisher = cluster.connect("c", MqttLibrary.HIVEMQ_5, "offline-publisher");
        publisher.publish("offline/one", "before", 2);
        asserted(() -> assertThat(payloads(List.of(first, second))).containsExactly("before"));
        first.disconnect();
        second.disconnect();
        List<String> sent = IntStream.range(0, 150).mapToObj(i -> "m" + i).toList();
        sent.forEach(payload -> publisher.publish("offline/one", payload, 2));
        MqttDevice back = member("c", "second" + topics.length());
        MqttDevice other = member("a", "first" + topics.length());
        List<MqttDevice> members = List.of(back, other);
        asserted(() -> assertThat(payloads(members)).containsExactlyInAnyOrderElementsOf(sent));
        publisher.publish("offline/one", "after", 2);
        asserted(() -> assertThat(payloads(members)).hasSize(151).contains("after"));
        members.forEach(member -> member.unsubscribe(filter));
    }

    @Test
    void restartOfAllNodes_keepsThePlace() {
        String filter = "$share/restart/restart/+";
        MqttDevice before = member("b", "restarted");
        before.subscribe(filter, 2);
        MqttDevice publisher = cluster.connect("a", MqttLibrary.HIVEMQ_5, "restart-publisher");
        IntStream.range(0, 10).forEach(i -> publisher.publish("restart/1", "had" + i, 2));
        assertThat(before.inbox().next(10)).hasSize(10);
        before.disconnect();
        IntStream.range(0, 10).forEach(i -> publisher.publish("restart/" + i, "m" + i, 2));
        NODES.forEach(node -> cluster.node(node).kill());
        NODES.forEach(cluster::start);
        MqttDevice after = member("c", "restarted");
        asserted(() -> assertThat(payloads(List.of(after)))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "m" + i).toList()));
        after.unsubscribe(filter);
    }

    @Test
    void lastSessionThatUnsubscribes_takesEverythingAlong() {
        String filter = "$share/gone/gone/1";
        MqttDevice first = member("a", "gone-first");
        MqttDevice second = member("b", "gone-second");
        first.subscribe(filter, 2);
        second.subscribe(filter, 2);
        MqttDevice publisher = cluster.connect("c", MqttLibrary.HIVEMQ_5, "gone-publisher");
        IntStream.range(0, 20).forEach(i -> publisher.publish("gone/1", "m" + i, 2));
        asserted(() -> assertThat(payloads(List.of(first, second))).hasSize(20));
        isEqual(() -> keys("mqtt:acked:" + filter + ":*").size(), 1);
        isEqual(() -> fields(filter, "to:"), List.of()); // all are behind the bookmark
        assertThat(fields(filter, "by:")).containsExactlyInAnyOrder("by:gone-first", "by:gone-second");
        first.unsubscribe(filter);
        assertThat(fields(filter, "by:")).containsExactly("by:gone-second");
        second.unsubscribe(filter);
        isEqual(() -> keys("*share/gone*"), List.of());
    }

    /** Two members at each of some nodes, and messages that are underway while something happens to the nodes. */
    private static final class Load {
        private final String topic;
        private final int qos;
        private final List<MqttDevice> members = new ArrayList<>();
        private final MqttDevice publisher;
        private final List<String> sent = new ArrayList<>();
        private final Deque<CompletableFuture<Integer>> underway = new ArrayDeque<>();

        Load(String name, int qos, String filter, List<String> nodes) {
            this.topic = name + "/t";
            this.qos = qos;
            for (String node : nodes) {
                for (int i = 0; i < 2; i++) {
                    MqttDevice member = member(node, name + "-" + node + i);
                    member.subscribe(filter, qos);
                    members.add(member);
                }
            }
            this.publisher = cluster.connect(nodes.get(0), MqttLibrary.HIVEMQ_5, name + "-publisher");
        }

        void addMember(MqttDevice member) {
            members.add(member);
        }

        /** Publishes before, while and after something happens, with some messages underway all the time. */
        void during(Runnable event) {
            publish(BEFORE_AND_AFTER);
            CompletableFuture<Void> happening = CompletableFuture.runAsync(event);
            while (!happening.isDone() && sent.size() < MOST) {
                publish(1);
            }
            happening.join();
            publish(BEFORE_AND_AFTER);
        }

        private void publish(int count) {
            for (int i = 0; i < count; i++) {
                String payload = "m" + sent.size();
                sent.add(payload);
                underway.add(publisher.publishing(topic, payload.getBytes(UTF_8), qos, false));
                if (underway.size() > UNDERWAY) {
                    assertThat(MqttDevice.within(underway.remove())).isLessThan(0x80);
                }
            }
        }

        void expectAllReceived() {
            underway.forEach(one -> assertThat(MqttDevice.within(one)).isLessThan(0x80));
            asserted(() -> {
                Set<String> missing = new HashSet<>(sent);
                payloads(members).forEach(missing::remove);
                assertThat(missing).isEmpty();
            });
        }

        /** At QoS 2 also not twice. */
        void expectAll() {
            expectAllReceived();
            if (qos == 2) {
                assertThat(payloads(members)).doesNotHaveDuplicates();
            }
        }
    }

    private static MqttDevice member(String node, String clientId) {
        return cluster.connect(node, MqttLibrary.HIVEMQ_5, DeviceOptions.persisting(clientId));
    }

    private static List<String> payloads(List<MqttDevice> members) {
        return members.stream()
                .flatMap(member -> member.inbox().waiting().stream())
                .map(Arrival::payload)
                .toList();
    }

    private static List<String> keys(String pattern) {
        return ((List<?>) Objects.requireNonNull(cluster.redis().command("KEYS", pattern)))
                .stream().map(String::valueOf).toList();
    }

    private static List<String> fields(String filter, String beginning) {
        return cluster.redis().hash("mqtt:share:" + filter).keySet().stream()
                .filter(field -> field.startsWith(beginning))
                .toList();
    }

    private static List<String> others(String node) {
        return NODES.stream().filter(other -> !other.equals(node)).toList();
    }

    private static String filterOwnedBy(String node, String name) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "$share/g" + i + "/" + name + "/+")
                .filter(filter -> ownerOf(filter, NODES).equals(node))
                .findFirst()
                .orElseThrow();
    }

    /** By the same rule as the nodes, which run two event loops each. */
    private static String ownerOf(String filter, List<String> nodes) {
        List<Member> members = nodes.stream()
                .map(node -> new Member(new NodeName(node), 0, Map.of(Concern.BROKER, 2)))
                .toList();
        Instance owner = new Topology(members.get(0), members.subList(1, members.size()), true)
                .owner(Concern.BROKER, filter.hashCode());
        return Objects.requireNonNull(owner).node().value();
    }
}
