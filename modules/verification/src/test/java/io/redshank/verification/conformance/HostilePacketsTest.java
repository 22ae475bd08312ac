package io.redshank.verification.conformance;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many connections at once send what no client should. The seed is printed; {@code -Dhostile.seed=...} repeats a run and
 * {@code -Dhostile.packets=...} makes it longer.
 */
class HostilePacketsTest {
    private static final int ATTACKERS = 4;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final long PACKETS = Long.getLong("hostile.packets", 100_000);
    private static final long SEED = Long.getLong("hostile.seed", System.nanoTime());
    private static final long MAX_GROWTH = 8 << 20;

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped()
            .with(setup -> setup.env("JAVA_TOOL_OPTIONS", "-Dio.netty.leakDetection.level=advanced"));

    private final ExecutorService attackers = Executors.newFixedThreadPool(ATTACKERS);
    private final AtomicLong connections = new AtomicLong();

    @AfterEach
    void stop() {
        attackers.shutdownNow();
    }

    @Test
    @SuppressWarnings("SystemOut") // the seed has to be seen when it fails
    void hostilePackets_endTheirConnections_andNobodyElseNoticesThem() throws Exception {
        System.out.println("hostile packets: seed " + SEED + ", packets " + PACKETS);
        MqttDevice receiver = node.connect(HIVEMQ_5, "calm-receiver");
        receiver.subscribe("calm/t", 1);
        MqttDevice sender = node.connect(HIVEMQ_3_1_1, "calm-sender");
        attack(sender, receiver, PACKETS / 10); // until all is loaded and every cache is as large as it gets
        long before = liveBytes();
        int files = openFiles();
        attack(sender, receiver, PACKETS - PACKETS / 10);
        Eventually.asserted(() -> assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files));
        Eventually.isEqual(
                () -> node.redis().hash("mqtt:node:redshank@127.0.0.1").size(), 2);
        assertThat(liveBytes() - before).as("growth of what is live, in bytes").isLessThan(MAX_GROWTH);
        assertThat(node.process().errWith("LEAK")).isEmpty();
        assertThat(node.process().errWith("ERROR")).isEmpty();
        assertThat(node.process().errWith("\tat ")).as("stack traces").isEmpty();
        assertThat(sender.isConnected() && receiver.isConnected()).isTrue();
    }

    /** Sends this many hostile packets, while the calm ones exchange theirs, each once and in order. */
    private void attack(MqttDevice sender, MqttDevice receiver, long packets) throws Exception {
        long last = connections.get() + packets / HostileStream.PACKETS;
        List<Future<Void>> underway = new ArrayList<>();
        for (int i = 0; i < ATTACKERS; i++) {
            underway.add(attackers.submit(attacker(last)));
        }
        for (int i = 0; underway.stream().anyMatch(attack -> !attack.isDone()); i++) {
            String payload = "calm " + i;
            sender.publish("calm/t", payload, 1);
            assertThat(receiver.next().payload()).isEqualTo(payload);
        }
        for (Future<Void> attack : underway) {
            attack.get(1, TimeUnit.SECONDS);
        }
    }

    private Callable<Void> attacker(long last) {
        return () -> {
            for (long i = connections.incrementAndGet(); i <= last; i = connections.incrementAndGet()) {
                connectionThatEnds(SEED + i);
            }
            return null;
        };
    }

    /** The node closes, at the latest when there is nothing more to come. */
    private static void connectionThatEnds(long seed) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            try {
                for (byte[] piece : new HostileStream(seed).pieces()) {
                    socket.getOutputStream().write(piece);
                }
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (SocketTimeoutException stillOpen) {
                throw new AssertionError("not closed: the connection of seed " + seed, stillOpen);
            } catch (IOException closedAlready) {
                assertThat(socket.isConnected()).isTrue(); // it was: a refusal to be connected is no end of this kind
            }
        }
    }

    private static int openFiles() {
        String[] files = new File("/proc/" + node.process().pid() + "/fd").list();
        return files == null ? 0 : files.length;
    }

    /** What a full collection leaves. */
    private static long liveBytes() throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String pid = Long.toString(node.process().pid());
        Process histogram = new ProcessBuilder(jcmd, pid, "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        String text = new String(histogram.getInputStream().readAllBytes(), UTF_8);
        String total = text.substring(text.lastIndexOf("Total")).trim();
        return Long.parseLong(total.split("\\s+")[2]);
    }
}
