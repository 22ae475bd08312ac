package io.redshank.verification.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ClusterFixture;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that leave in order and come, with clients that publish and read all the time. */
class RollingRestartTest {
    private static final List<String> NODES = List.of("a", "b", "c");
    private static final Duration SHORT = Duration.ofSeconds(2);

    @RegisterExtension
    static final ClusterFixture cluster = ClusterFixture.of("a", "b", "c");

    private static List<Integer> ports(List<String> nodes) {
        return nodes.stream().map(name -> cluster.node(name).port()).toList();
    }

    /** A publisher and a subscriber for each node to begin with, and one more that wants all. */
    private static void begin(Traffic traffic, String name, int nodes) {
        List<String> topics =
                IntStream.range(0, nodes).mapToObj(i -> name + "/" + i).toList();
        for (int i = 0; i < nodes; i++) {
            traffic.listen(name + "-listener-" + i, i % 2 == 0 ? 3 : 5, topics.get(i), List.of(topics.get(i)));
        }
        traffic.listen(name + "-wild", 5, name + "/#", topics);
        for (int i = 0; i < nodes; i++) {
            traffic.publish(name + "-publisher-" + i, i % 2 == 0 ? 5 : 3, topics.get(i));
        }
        traffic.goOn(50);
    }

    @Test
    void nodesThatAreRestartedOneByOne_loseAndDoubleNothing() {
        try (Traffic traffic = new Traffic(2, ports(NODES))) {
            begin(traffic, "rolling", NODES.size());
            for (String name : NODES) {
                cluster.node(name).stop();
                traffic.goOn(50);
                cluster.start(name);
                traffic.goOn(50);
            }
            traffic.endsWithNothingLostDoubledOrOutOfOrder();
        }
    }

    @Test
    void nodeThatComes_causesNoGapAndNoPause() {
        cluster.node("c").stop();
        List<String> others = List.of("a", "b");
        try (Traffic traffic = new Traffic(1, ports(others))) {
            begin(traffic, "joining", others.size());
            cluster.start("c");
            traffic.goOn(50);
            traffic.endsWithNothingLostDoubledOrOutOfOrder();
            assertThat(traffic.longestPause()).isLessThan(SHORT);
        }
    }
}
