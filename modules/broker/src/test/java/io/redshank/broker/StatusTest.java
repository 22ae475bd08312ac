package io.redshank.broker;

import static io.redshank.testkit.Packets.PINGREQ;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said under $SYS, and to whom. */
class StatusTest {
    private static final Duration OFTEN = Duration.ofMillis(50);
    private static final Duration SELDOM = Duration.ofHours(1);
    private static final int RETAIN_AS_PUBLISHED = 8;
    private static final String COUNTED = "$SYS/broker/clients/connected";
    private static final String HEAP = "$SYS/broker/heap/current"; // changes all the time

    private final BrokerFixture broker = new BrokerFixture();

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /** Reads on until a message is there. */
    @CanIgnoreReturnValue
    private static RawPacket await(RawMqtt client, Predicate<RawPacket> wanted) {
        return await(client, RawPacket.PUBLISH, wanted);
    }

    @CanIgnoreReturnValue
    private static RawPacket await(RawMqtt client, int type, Predicate<RawPacket> wanted) {
        Instant end = Instant.now().plusSeconds(20);
        while (Instant.now().isBefore(end)) {
            RawPacket packet = client.next();
            if (packet.type() == type && wanted.test(packet)) {
                return packet;
            }
        }
        throw new AssertionError("not there in time");
    }

    private static void awaitValue(RawMqtt client, String topic, String value) {
        await(
                client,
                packet -> packet.topic().equals("$SYS/broker/" + topic)
                        && packet.payload(client.version()).equals(value));
    }

    /** Subscribes to more while values are coming in. */
    private static void alsoSubscribed(RawMqtt client, String filter) {
        client.send(subscribe(client.version(), 2, filter, 0));
        await(client, RawPacket.SUBACK, packet -> true);
    }

    /** The values that a new client gets at once, as soon as the broker has counted. */
    private Map<String, String> retained(String filter) {
        Map<String, String> values = new HashMap<>();
        Eventually.asserted(() -> {
            values.clear();
            try (RawMqtt client = broker.connect(5, "reader")) {
                client.send(subscribe(5, 1, filter, 0), subscribe(5, 2, COUNTED, 0), PINGREQ);
                for (RawPacket next = client.next(); next.type() != RawPacket.PINGRESP; next = client.next()) {
                    if (next.type() == RawPacket.PUBLISH) {
                        values.put(next.topic(), next.payload(5));
                    }
                }
            }
            assertThat(values).containsKey(COUNTED);
        });
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void newSubscription_getsTheValuesAsRetained(int version) throws Exception {
        broker.sysInterval(SELDOM).start();
        assertThat(retained("$SYS/#")).hasSizeGreaterThan(40).containsEntry("$SYS/broker/version", "redshank 1.2.3");
        try (RawMqtt client = broker.connect(version, "c").subscribed("$SYS/broker/version", 2)) {
            RawPacket said = client.next(RawPacket.PUBLISH);
            assertThat(said.retained()).isTrue(); // [MQTT-3.3.1-8]
            assertThat(said.qos()).isZero();
            assertThat(said.payload(version)).isEqualTo("redshank 1.2.3");
            client.expectNothing();
        }
        assertThat(retained("$SYS/+/clients/#"))
                .containsOnlyKeys(
                        "$SYS/broker/clients/connected", "$SYS/broker/clients/active", "$SYS/broker/clients/maximum");
        assertThat(broker.backends.lookups.all()).as("asked in Redis").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,1,1", "1,1,0", "2,0,0"})
    void retainHandling_saysWhen(int handling, int first, int again) throws Exception {
        broker.sysInterval(SELDOM).start();
        assertThat(retained("$SYS/broker/version")).containsKey("$SYS/broker/version");
        try (RawMqtt client = broker.connect(5, "c")) {
            for (int expected : new int[] {first, again}) {
                client.subscribed("$SYS/broker/version", handling << 4);
                for (int i = 0; i < expected; i++) {
                    client.next(RawPacket.PUBLISH);
                }
                client.expectNothing();
            }
        }
    }

    @Test
    void changes_areSentLiveAndOnlyThey() throws Exception {
        broker.sysInterval(OFTEN).start();
        try (RawMqtt plain = broker.connect(5, "plain");
                RawMqtt faithful = broker.connect(5, "faithful")) {
            plain.subscribed("$SYS/#", 0);
            faithful.subscribed("$SYS/#", RETAIN_AS_PUBLISHED);
            assertThat(await(plain, packet -> packet.topic().equals(HEAP) && !packet.retained()))
                    .isNotNull();
            List<String> later = new ArrayList<>();
            for (int changes = 0; changes < 3; ) {
                RawPacket next = plain.next(RawPacket.PUBLISH);
                assertThat(next.retained()).isFalse(); // [MQTT-3.3.1-12]
                later.add(next.topic());
                changes += next.topic().equals(HEAP) ? 1 : 0;
            }
            assertThat(later).doesNotContain("$SYS/broker/version", "$SYS/broker/publish/messages/dropped");
            for (int heard = 0; heard < 3; ) {
                RawPacket next = faithful.next(RawPacket.PUBLISH);
                assertThat(next.retained()).isTrue(); // [MQTT-3.3.1-13]
                heard += next.topic().equals(HEAP) ? 1 : 0;
            }
        }
    }

    @Test
    void wildcardsInTheFirstLevel_hearNothing() throws Exception { // [MQTT-4.7.2-1]
        broker.sysInterval(OFTEN).start();
        try (RawMqtt client = broker.connect(4, "c").subscribed("#", 0).subscribed("+/broker/#", 0);
                RawMqtt other = broker.connect(4, "other").subscribed(HEAP, 0)) {
            for (int i = 0; i < 3; i++) {
                other.next(RawPacket.PUBLISH);
            }
            client.expectNothing();
        }
    }

    @Test
    void intervalOfZero_saysNothing() throws Exception {
        broker.sysInterval(Duration.ZERO).start();
        try (RawMqtt client = broker.connect(4, "c").subscribed("$SYS/#", 0)) {
            client.send(publish(4, "t", 1, 1, "p")).next(RawPacket.PUBACK);
            client.expectNothing();
        }
        assertThat(broker.backends.sessionCounts.all()).isEmpty();
    }

    @Test
    void traffic_isCountedOverAllInstances() throws Exception {
        broker.sysInterval(OFTEN).start();
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("$SYS/broker/publish/#", 0);
                RawMqtt subscriber = broker.connect(5, "s").subscribed("t", 1)) {
            for (int i = 0; i < 6; i++) { // connections are dealt out to the instances in turn
                try (RawMqtt publisher = broker.connect(4, "p" + i)) {
                    publisher.send(publish(4, "t", 1, 1, "12345")).next(RawPacket.PUBACK);
                    subscriber.next(RawPacket.PUBLISH);
                }
            }
            awaitValue(watcher, "publish/messages/received", "6");
            awaitValue(watcher, "publish/bytes/received", "30");
            alsoSubscribed(watcher, "$SYS/broker/messages/inflight");
            awaitValue(watcher, "messages/inflight", "6");
            alsoSubscribed(watcher, "$SYS/broker/clients/connected");
            awaitValue(watcher, "clients/connected", "2");
            alsoSubscribed(watcher, "$SYS/broker/subscriptions/count");
            awaitValue(watcher, "subscriptions/count", "5");
            subscriber.send(subscribe(5, 3, "$share/g/u", 0)).next(RawPacket.SUBACK);
            alsoSubscribed(watcher, "$share/h/u");
            alsoSubscribed(watcher, "$SYS/broker/shared_subscriptions/count");
            awaitValue(watcher, "shared_subscriptions/count", "2");
        }
    }

    @Test
    void whatAClientSends_isCountedToTheByte() throws Exception {
        broker.sysInterval(OFTEN).start();
        byte[] connect = ConnectPacket.of(4, "c").bytes();
        byte[] subscribe = subscribe(4, 1, "$SYS/broker/bytes/received", 0);
        byte[] again = subscribe(4, 2, "$SYS/broker/messages/received", 0);
        try (RawMqtt client = broker.open(4)) {
            client.send(connect).next(RawPacket.CONNACK);
            client.send(subscribe).next(RawPacket.SUBACK);
            awaitValue(client, "bytes/received", Integer.toString(connect.length + subscribe.length));
            client.send(again).next(RawPacket.SUBACK);
            awaitValue(client, "messages/received", "3");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAClientIsSent_isCountedToTheByte(boolean inBytes) throws Exception {
        broker.sysInterval(OFTEN).start();
        try (RawMqtt client = broker.open(4)) {
            List<RawPacket> sent = new ArrayList<>();
            sent.add(client.send(ConnectPacket.of(4, "c").bytes()).next(RawPacket.CONNACK));
            client.send(subscribe(4, 1, inBytes ? "$SYS/broker/bytes/sent" : "$SYS/broker/messages/sent", 0));
            for (int changes = 0; changes < 3; ) {
                RawPacket next = client.next();
                boolean counted = next.type() == RawPacket.PUBLISH
                        && !next.retained()
                        && !next.payload(4).equals("0"); // what was said before the client was there
                if (counted) {
                    int before =
                            inBytes ? sent.stream().mapToInt(RawPacket::size).sum() : sent.size();
                    assertThat(next.payload(4)).isEqualTo(Integer.toString(before));
                    changes++;
                }
                sent.add(next);
            }
        }
    }

    @Test
    void whatASlowClientDoesNotGet_isCountedAsDropped() throws Exception {
        broker.sysInterval(OFTEN).start();
        try (RawMqtt slow = RawMqtt.open(broker.port(), 4, 8192);
                RawMqtt publisher = broker.connect(4, "p");
                RawMqtt watcher = broker.connect(4, "watcher")) {
            slow.send(ConnectPacket.of(4, "slow").bytes()).next(RawPacket.CONNACK);
            slow.subscribed("t", 0);
            for (int i = 0; i < 400; i++) {
                publisher.send(publish(4, 0x30, "t", 0, new byte[60_000]));
            }
            watcher.subscribed("$SYS/broker/publish/messages/dropped", 0);
            assertThat(await(watcher, packet -> !packet.payload(4).equals("0")).payload(4))
                    .matches("\\d+");
        }
    }

    @Test
    void loads_rise() throws Exception {
        broker.sysInterval(OFTEN).start();
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("$SYS/broker/load/+/1min", 0)) {
            RawPacket risen = await(
                    watcher,
                    packet -> packet.topic().equals("$SYS/broker/load/connections/1min")
                            && !packet.payload(4).equals("0.00"));
            assertThat(risen.payload(4)).matches("\\d+\\.\\d\\d");
        }
    }

    @Test
    void whatRedisHolds_isSaidOnceItIsKnown() throws Exception {
        broker.backends.sessionCounts.answering(event -> {
            throw new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away");
        });
        broker.backends.retainedCounts.answering(event -> new Counts(Map.of(Count.RETAINED, 17L)));
        broker.sysInterval(OFTEN).start();
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("$SYS/#", 0)) {
            awaitValue(watcher, "retained messages/count", "17");
            assertThat(retained("$SYS/#")).doesNotContainKey("$SYS/broker/clients/total");
            broker.backends.sessionCounts.answering(
                    event -> new Counts(Map.of(Count.SESSIONS_DISCONNECTED, 4L, Count.SESSIONS_EXPIRED, 2L)));
            awaitValue(watcher, "clients/disconnected", "4");
            awaitValue(watcher, "clients/total", "5");
        }
    }

    @Test
    void whoDoesNotAnswer_holdsNobodyUpAndIsNotAskedAgain() throws Exception {
        broker.backends.sessionCounts.holding(event -> true);
        broker.sysInterval(OFTEN).start();
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed(HEAP, 0)) {
            for (int i = 0; i < 5; i++) {
                watcher.next(RawPacket.PUBLISH);
            }
        }
        assertThat(broker.backends.sessionCounts.all()).hasSize(1);
    }

    @Test
    void subscriptionOfAPersistingSession_readsNoLog() throws Exception {
        broker.sysInterval(SELDOM).start();
        assertThat(retained("$SYS/broker/version")).containsKey("$SYS/broker/version");
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            client.subscribed("$SYS/broker/version", 1).next(RawPacket.PUBLISH);
        }
        assertThat(broker.backends.backlog.all()).isEmpty();
        assertThat(broker.backends.lookups.all()).isEmpty();
    }
}
