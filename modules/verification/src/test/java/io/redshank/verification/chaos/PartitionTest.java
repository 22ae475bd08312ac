package io.redshank.verification.chaos;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Islands;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.MqttLibrary;
import io.redshank.testkit.NodeSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** One node that the other two cannot reach for a while, while each of them reaches Redis and its clients. */
@EnabledIf(
        value = "io.redshank.testkit.Islands#arePossible",
        disabledReason = "needs root and the command ip, for network namespaces")
class PartitionTest {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final String CUT_OFF = "a";

    private final Islands islands = Islands.of(NODES);
    private final List<Balancer> bridges = new ArrayList<>();
    private final ClusterFixture cluster = ClusterFixture.of("a", "b", "c").with(this::onItsIsland);

    @BeforeEach
    void open() throws IOException {
        cluster.open();
    }

    @AfterEach
    void close() {
        cluster.close();
        bridges.forEach(Balancer::close);
        islands.close();
    }

    @Test
    void bothSidesServe_andOnceItHasHealedNothingIsMissing_andEachClientIsAtOneNode() {
        List<String> topics = List.of("split/0", "split/1", "split/2");
        try (Traffic traffic = new Traffic(
                2, NODES.stream().map(name -> cluster.node(name).port()).toList())) {
            for (int i = 0; i < NODES.size(); i++) {
                int version = i % 2 == 0 ? 5 : 3;
                traffic.listen("split-listener-" + i, version, topics.get(i), List.of(topics.get(i)));
                traffic.listen("split-wild-" + i, version, "split/#", topics);
            }
            for (int i = 0; i < NODES.size(); i++) {
                traffic.publish("split-publisher-" + i, i % 2 == 0 ? 3 : 5, topics.get((i + 1) % NODES.size()));
            }
            traffic.goOn(50);
            islands.sever(CUT_OFF);
            for (String name : List.of("b", "c")) {
                until(name + " misses " + CUT_OFF, () -> says(name, "Node has gone [node=" + CUT_OFF));
            }
            traffic.goOn(100);
            MqttDevice before = cluster.connect(CUT_OFF, MqttLibrary.PAHO_5, DeviceOptions.persisting("moves"));
            cluster.connect("c", MqttLibrary.HIVEMQ_5, DeviceOptions.persisting("moves"));
            asserted(() -> assertThat(before.isConnected()).isFalse());
            islands.heal(CUT_OFF);
            for (String name : List.of("b", "c")) {
                until(name + " reaches " + CUT_OFF, () -> says(name, "Node is reached again [node=" + CUT_OFF));
            }
            traffic.goOn(50);
            traffic.endsWithNothingLostDoubledOrOutOfOrder();
        }
        assertThat(cluster.redis().hash("mqtt:client:moves"))
                .containsEntry("state", "1")
                .containsEntry("node", "c");
    }

    private boolean says(String node, String text) {
        return !cluster.node(node).errWith(text).isEmpty();
    }

    /** Clients reach it by the port that it would have without an island, and it reaches Redis by that of Redis. */
    private NodeSetup onItsIsland(String name, NodeSetup setup) {
        int redis = cluster.redis().port();
        if (bridges.isEmpty()) {
            bridge(new InetSocketAddress(Islands.SHORE, redis), Balancer.local(redis));
        }
        String address = islands.address(name);
        int port = setup.mqttPort();
        bridge(Balancer.local(port), new InetSocketAddress(address, port));
        String members = String.join(
                ",",
                NODES.stream().map(node -> "\"" + islands.address(node) + "\"").toList());
        return setup.within(islands.on(name))
                .redis(Islands.SHORE + ":" + redis)
                .set("mqtt.allow_anonymous", "true")
                .set("mqtt.listeners[0].host", address)
                .set("cluster.host", address)
                .set("cluster.port", "5701")
                .set("cluster.secret", "of-the-three-islands")
                .set("cluster.members", "[" + members + "]");
    }

    private void bridge(InetSocketAddress from, InetSocketAddress to) {
        Balancer bridge = new Balancer(from);
        bridge.add(to);
        bridges.add(bridge);
    }
}
