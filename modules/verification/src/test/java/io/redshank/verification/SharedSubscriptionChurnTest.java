package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_3_1_1;
import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members of a shared subscription that come and go, in order and not, under a stream of messages. */
class SharedSubscriptionChurnTest {
    private static final int MESSAGES = 10_000;
    private static final int BATCH = 100;
    private static final int MEMBERS = 100;
    private static final int AT_ONCE = 10;
    private static final String FILTER = "$share/churn/stream/+";

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped().with(setup -> setup.set("node.event_loops", "3"));

    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    /** What members have acknowledged, or have begun to. */
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private final Set<RawMqtt> connected = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void nothingIsLost_asLongAsOneMemberStays(long seed) throws Exception {
        MqttDevice staying = node.connect(HIVEMQ_5, "staying");
        staying.subscribe(FILTER, 1);
        List<Future<Integer>> churning = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            Random random = new Random(seed * AT_ONCE + i);
            churning.add(threads.submit(() -> churn(random)));
        }
        publish();
        over = true;
        connected.forEach(RawMqtt::close); // those that wait for more
        int members = 0;
        for (Future<Integer> one : churning) {
            members += one.get(30, TimeUnit.SECONDS);
        }
        assertThat(members).as("how many came and went, seed %d", seed).isGreaterThan(MEMBERS);
        assertThat(acknowledged).as("what they took").hasSizeGreaterThan(MESSAGES / 20);
        Eventually.until("all messages, seed " + seed, () -> {
            staying.inbox().waiting().forEach(arrival -> acknowledged.add(arrival.payload()));
            return acknowledged.size() == MESSAGES;
        });
    }

    private static void publish() {
        MqttDevice publisher = node.connect(HIVEMQ_3_1_1, "publisher");
        for (int sent = 0; sent < MESSAGES; sent += BATCH) {
            List<CompletableFuture<Integer>> stored = new ArrayList<>();
            for (int i = sent; i < sent + BATCH; i++) {
                stored.add(publisher.publishing("stream/" + i % 7, ("m" + i).getBytes(UTF_8), 1, false));
            }
            for (CompletableFuture<Integer> one : stored) {
                assertThat(MqttDevice.within(one)).isZero();
            }
        }
    }

    /** One member after the other, each for a while; answers how many there were. */
    private int churn(Random random) {
        int members = 0;
        for (; !over; members++) {
            int version = random.nextBoolean() ? 4 : 5;
            String id = "m-" + Thread.currentThread().getId() + "-" + members;
            try (RawMqtt member = RawMqtt.connected(node.port(), version, ConnectPacket.of(version, id))) {
                connected.add(member);
                if (!over) {
                    subscribeAndTake(member, version, random);
                }
                connected.remove(member);
            }
        }
        return members;
    }

    /** Acknowledges some of what comes, and goes in one of three ways. */
    private void subscribeAndTake(RawMqtt member, int version, Random random) {
        member.send(Packets.subscribe(version, 1, FILTER, 1));
        int takes = 5 + random.nextInt(50);
        int leaves = random.nextInt(5);
        for (int taken = 0; taken < takes; ) {
            @Nullable RawPacket packet = member.nextOrNull();
            if (packet == null) {
                return; // closed from outside
            }
            if (packet.type() == RawPacket.PUBLISH && ++taken < takes - leaves) {
                acknowledged.add(packet.payload(version));
                member.send(Packets.puback(packet.packetId()));
            }
        }
        switch (random.nextInt(3)) {
            case 0 -> member.send(Packets.DISCONNECT);
            case 1 -> member.send(Packets.unsubscribe(version, 2, FILTER));
            default -> {} // cut
        }
    }
}
