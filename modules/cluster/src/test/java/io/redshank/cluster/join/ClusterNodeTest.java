package io.redshank.cluster.join;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.redshank.testkit.Eventually;
import io.vertx.core.eventbus.DeliveryOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real members in one JVM, over loopback sockets. */
class ClusterNodeTest {
    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void threeNodes_findEachOther_andSeeWhatEachShows() throws Exception {
        List<ClusterNode> three = List.of(nodes.join("a@h"), nodes.join("b@h"), nodes.join("c@h"));
        for (ClusterNode node : three) {
            assertThat(names(node)).containsExactly("a@h", "b@h", "c@h");
            assertThat(node.members())
                    .allSatisfy(member -> assertThat(member.attributes())
                            .isEqualTo(Map.of("name", member.node().value())))
                    .filteredOn(MemberInfo::self)
                    .extracting(MemberInfo::address)
                    .containsExactly(node.address());
        }
    }

    @Test
    void request_isAnsweredByAnotherNode() throws Exception {
        ClusterNode a = nodes.join("a@h");
        assertThat(echo(a, nodes.join("b@h"))).isEqualTo("hello!");
    }

    @Test
    void memberThatIsGoneAtOnce_isNoticed() throws Exception {
        ClusterNode a = nodes.join("a@h");
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        a.onChange(() -> sizes.add(a.members().size()));
        ClusterNode b = nodes.join("b@h");
        b.abandon();
        nodes.forget(b);
        Eventually.isEqual(() -> List.copyOf(sizes), List.of(2, 1));
    }

    @Test
    void nameThatIsTaken_isRefused_andNothingIsLeft() throws Exception {
        ClusterNode a = nodes.join("a@h");
        assertThatThrownBy(() -> nodes.join("a@h"))
                .isInstanceOf(ClusterJoinException.class)
                .hasMessageContaining("a@h at " + a.address())
                .hasMessageContaining("node.name");
        Eventually.isEqual(() -> a.members().size(), 1);
        assertThat(Hazelcast.getAllHazelcastInstances()).hasSize(1);
    }

    @Test
    void nameOfANodeThatLeft_isFreeAgain() throws Exception {
        nodes.join("a@h");
        ClusterNode first = nodes.join("b@h");
        nodes.forget(first);
        first.abandon();
        assertThat(names(nodes.join("b@h"))).containsExactly("a@h", "b@h");
    }

    @ParameterizedTest
    @CsvSource({"redshank.protocol, protocol between nodes", "redshank.layout, layout in Redis"})
    void memberOfAnotherVersion_keepsTheNewcomerOut(String attribute, String said) throws Exception {
        ClusterOptions options = nodes.options("a@h", null);
        Config later = HazelcastSetup.config(options, new LiveMembers(List.of(), LiveMembers.KEPT));
        later.getMemberAttributeConfig().setAttribute(attribute, "1000");
        HazelcastInstance member = GuardedMembers.start(
                later, new MemberHandshake(ClusterKeys.of(null, options.cluster()), options.cluster()));
        try {
            String at = MemberInfo.addressOf(member.getCluster().getLocalMember());
            assertThatThrownBy(() -> nodes.join(nodes.options("b@h", null, 0, List.of(at))))
                    .isInstanceOf(ClusterJoinException.class)
                    .hasMessageStartingWith("node a@h at " + at + " ")
                    .hasMessageContaining("version 1000 of the " + said)
                    .hasMessageContaining("cluster.name");
            Eventually.isEqual(() -> member.getCluster().getMembers().size(), 1);
            assertThat(Hazelcast.getAllHazelcastInstances()).hasSize(1);
        } finally {
            member.getLifecycleService().terminate();
        }
    }

    @Test
    void takenPort_isPassedOver_soThatOneFileServesAll() throws Exception {
        int port = freePort();
        List<String> members = List.of("127.0.0.1:" + port);
        ClusterNode a = nodes.join(nodes.options("a@h", null, port, members));
        ClusterNode b = nodes.join(nodes.options("b@h", null, port, members));
        assertThat(List.of(a.address(), b.address())).containsExactly("127.0.0.1:" + port, "127.0.0.1:" + (port + 1));
        assertThat(names(b)).containsExactly("a@h", "b@h");
    }

    @Test
    void clusterOfAnotherName_isLeftAlone() throws Exception {
        ClusterNode a = nodes.join("a@h");
        try (TestNodes others = new TestNodes()) {
            ClusterNode b = others.join(others.options("a@h", null, 0, nodes.addresses()));
            assertThat(names(b)).containsExactly("a@h");
            assertThat(a.members()).hasSize(1);
        }
    }

    @Test
    void address_thatIsOpenToOthers_needsASecret() {
        ClusterOptions loopback = nodes.options("a@h", null);
        ClusterOptions open = new ClusterOptions(
                loopback.node(),
                1,
                loopback.cluster(),
                new ClusterAddress("0.0.0.0", null, 0, 0),
                loopback.discovery(),
                null,
                null,
                Map.of());
        assertThatThrownBy(() -> nodes.join(open))
                .isInstanceOf(ClusterJoinException.class)
                .hasMessageContaining("cluster.secret");
    }

    @Test
    void partsThatDidNotKnowOfEachOther_areMergedOnceTheyDo() throws Exception {
        ClusterNode a = nodes.join("a@h");
        ClusterNode b = nodes.join(nodes.options("b@h", null, 0, List.of()));
        assertThat(b.members()).hasSize(1);
        answer(a);
        CompletableFuture<Integer> merged = new CompletableFuture<>();
        b.onChange(() -> {
            if (b.members().size() > 1) {
                merged.complete(b.members().size());
            }
        });
        b.addMembers(List.of(a.address()));
        assertThat(merged.get(30, SECONDS)).isEqualTo(2); // each looks for others every five seconds
        Eventually.isEqual(() -> a.members().size(), 2);
        Eventually.until("the bus is one", () -> asks(b));
    }

    private static void answer(ClusterNode node) throws Exception {
        node.vertx()
                .eventBus()
                .<String>consumer("echo", message -> message.reply(message.body() + "!"))
                .completion()
                .await(5, SECONDS);
    }

    private static boolean asks(ClusterNode node) {
        DeliveryOptions soon = new DeliveryOptions().setSendTimeout(500);
        try {
            return node.vertx()
                    .eventBus()
                    .<String>request("echo", "hello", soon)
                    .await(5, SECONDS)
                    .body()
                    .equals("hello!");
        } catch (Exception notYet) {
            return false;
        }
    }

    @Test
    void addressForAll_isAdvertisedAsOneThatOthersReach() throws Exception {
        ClusterAddress open = new ClusterAddress("0.0.0.0", "127.0.0.1", 0, 0);
        ClusterOptions options = nodes.options("a@h", "sixteen letters!");
        ClusterNode a = nodes.join(new ClusterOptions(
                options.node(), 1, options.cluster(), open, options.discovery(), null, options.secret(), Map.of()));
        assertThat(a.address()).startsWith("127.0.0.1:");
        ClusterNode b = nodes.join(nodes.options("b@h", "sixteen letters!"));
        assertThat(names(b)).containsExactly("a@h", "b@h");
        assertThat(echo(a, b)).isEqualTo("hello!");
    }

    @Test
    void fileOfTheUser_isTaken_withOurAttributesAndName(@TempDir Path directory) throws Exception {
        ClusterNode a = nodes.join("a@h");
        Path file = Files.writeString(directory.resolve("hazelcast.yaml"), """
                hazelcast:
                  network:
                    port: {port: 0}
                    interfaces: {enabled: true, interfaces: [127.0.0.1]}
                    join:
                      multicast: {enabled: false}
                      tcp-ip: {enabled: true, member-list: ["%s"]}
                """.formatted(a.address()));
        ClusterOptions options = nodes.options("b@h", null, 0, List.of());
        ClusterNode b = nodes.join(new ClusterOptions(
                options.node(), 1, options.cluster(), options.address(), options.discovery(), file, null, Map.of()));
        assertThat(names(b)).containsExactly("a@h", "b@h");
        assertThat(echo(a, b)).isEqualTo("hello!");
    }

    private static String echo(ClusterNode answering, ClusterNode asking) throws Exception {
        answer(answering);
        return asking.vertx()
                .eventBus()
                .<String>request("echo", "hello")
                .await(5, SECONDS)
                .body();
    }

    private static List<String> names(ClusterNode node) {
        return node.members().stream().map(member -> member.node().value()).toList();
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
