package io.redshank.cluster.join;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who does not know the secret gets nowhere, neither at Hazelcast's port nor at that of the event bus. */
class StrangersTest {
    private static final String SECRET = "a secret of sixteen";
    private static final String WRONG = "another secret of sixteen";

    private final TestNodes nodes = new TestNodes();

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void membersWithTheSecret_joinAndTalkOverTls() throws Exception {
        ClusterNode a = nodes.join(nodes.options("a@h", SECRET));
        ClusterNode b = nodes.join(nodes.options("b@h", SECRET));
        assertThat(b.members()).hasSize(2);
        for (ClusterNode asked : List.of(a, b)) {
            asked.vertx()
                    .eventBus()
                    .<String>consumer("echo-" + asked.address(), message -> message.reply(message.body() + "!"))
                    .completion()
                    .await(5, SECONDS);
            for (ClusterNode asking : List.of(a, b)) {
                assertThat(asking.vertx()
                                .eventBus()
                                .<String>request("echo-" + asked.address(), "hello")
                                .await(5, SECONDS)
                                .body())
                        .isEqualTo("hello!");
            }
        }
    }

    @Test
    void nodeWithAnotherSecret_isTurnedAway_andBeginsNoClusterOfItsOwn() throws Exception {
        ClusterNode a = nodes.join(nodes.options("a@h", SECRET));
        for (String secret : new String[] {WRONG, null}) {
            assertThatThrownBy(() -> nodes.join(nodes.options("b@h", secret)))
                    .isInstanceOf(ClusterJoinException.class)
                    .hasMessageContaining(a.address())
                    .hasMessageContaining("cluster.secret")
                    .hasMessageNotContaining(SECRET);
        }
        assertThat(a.members()).hasSize(1);
        assertThat(Hazelcast.getAllHazelcastInstances()).hasSize(1);
    }

    @Test
    void hazelcastThatKnowsTheClustersNameOnly_staysAlone() throws Exception {
        ClusterNode a = nodes.join(nodes.options("a@h", SECRET));
        Config config = new Config().setClusterName(nodes.options("x", null).cluster());
        config.getJetConfig().setEnabled(false);
        config.setProperty("hazelcast.max.join.seconds", "1");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.getNetworkConfig().setPort(0).getJoin().getAutoDetectionConfig().setEnabled(false);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig()
                .getJoin()
                .getTcpIpConfig()
                .setEnabled(true)
                .setConnectionTimeoutSeconds(1)
                .addMember(a.address());
        try {
            HazelcastInstance stranger = Hazelcast.newHazelcastInstance(config);
            try {
                assertThat(stranger.getCluster().getMembers()).hasSize(1);
            } finally {
                stranger.getLifecycleService().terminate();
            }
        } catch (IllegalStateException notStarted) { // as it does where it is not let in
            assertThat(notStarted).hasMessageContaining("failed to start");
        }
        assertThat(a.members()).hasSize(1);
    }

    @Test
    void socketThatSaysNothingOrNonsense_isClosed() throws Exception {
        ClusterNode a = nodes.join(nodes.options("a@h", SECRET));
        int port = Integer.parseInt(a.address().split(":")[1]);
        try (Socket silent = new Socket("127.0.0.1", port);
                Socket talking = new Socket("127.0.0.1", port)) {
            talking.getOutputStream().write(("HZC" + "x".repeat(100)).getBytes("US-ASCII"));
            for (Socket stranger : List.of(talking, silent)) {
                stranger.setSoTimeout(8_000);
                assertThat(endOf(stranger)).isZero();
            }
        }
        assertThat(nodes.join(nodes.options("b@h", SECRET)).members()).hasSize(2);
    }

    @Test
    void busThatIsCalledWithoutOurCertificate_readsNothing() throws Exception {
        int port = freePort();
        ClusterOptions options = nodes.options("a@h", SECRET);
        ClusterNode a = nodes.join(new ClusterOptions(
                options.node(),
                1,
                options.cluster(),
                new ClusterAddress("127.0.0.1", null, 0, port),
                options.discovery(),
                null,
                SECRET,
                Map.of()));
        Vertx outside = Vertx.vertx();
        try {
            EventBusOptions forged = new EventBusOptions();
            BusCertificates.secure(forged, ClusterKeys.of(WRONG, options.cluster()));
            NetClientOptions tls =
                    new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
            for (NetClientOptions stranger : List.of(
                    new NetClientOptions(),
                    tls,
                    new NetClientOptions(tls).setKeyCertOptions(forged.getKeyCertOptions()))) {
                NetClient client = outside.createNetClient(stranger);
                assertThat(isClosed(client, port)).isTrue();
            }
            EventBusOptions right = new EventBusOptions();
            BusCertificates.secure(right, ClusterKeys.of(SECRET, options.cluster()));
            NetClientOptions member = new NetClientOptions(tls).setKeyCertOptions(right.getKeyCertOptions());
            NetClient client = outside.createNetClient(member); // a client that nobody holds is closed
            assertThat(client.connect(port, "127.0.0.1").await(5, SECONDS).isSsl())
                    .isTrue();
        } finally {
            outside.close().await(5, SECONDS);
        }
        assertThat(a.members()).hasSize(1);
    }

    /** Writes a ping of the bus, which would be answered, and sees whether the connection ends without a byte. */
    private static boolean isClosed(NetClient client, int port) throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        client.connect(port, "127.0.0.1")
                .onFailure(refused -> closed.complete(true))
                .onSuccess(socket -> {
                    socket.handler(bytes -> closed.complete(isAlert(bytes.getByte(0))));
                    socket.closeHandler(end -> closed.complete(true));
                    socket.exceptionHandler(refused -> closed.complete(true));
                    var unused = socket.write("x".repeat(200));
                });
        return closed.get(12, SECONDS);
    }

    /** TLS says why it closes a connection that does not speak TLS. */
    private static boolean isAlert(byte first) {
        return first == 0x15;
    }

    private static int endOf(Socket socket) throws Exception {
        int bytes = 0;
        try {
            while (socket.getInputStream().read() >= 0) {
                bytes++;
            }
        } catch (java.net.SocketException reset) {
            return bytes;
        }
        return bytes;
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
