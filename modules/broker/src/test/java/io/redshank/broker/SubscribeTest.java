package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients subscribe to, and what they are told of it. */
class SubscribeTest {
    private static final int NO_LOCAL = 4;
    private static final int RETAIN_AS_PUBLISHED = 8;

    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void suback_hasACodeForEachFilter(int version) { // [MQTT-3.8.4-5], [MQTT-3.8.4-6]
        try (RawMqtt client = broker.connect(version, "c")) {
            byte[] filters = join(
                    string("a"),
                    bytes(0),
                    string("b/+"),
                    bytes(1),
                    string("#"),
                    bytes(2),
                    string("a/#/b"),
                    bytes(1),
                    string(""),
                    bytes(1),
                    string("/".repeat(SubscriptionTree.MAX_LEVELS)),
                    bytes(1));
            client.send(packet(0x82, u16(9), properties(version), filters));
            int invalid = version == 5 ? 0x8F : 0x80;
            byte[] codes = bytes(0, 1, 2, invalid, invalid, invalid);
            byte[] why = join(bytes(0x1F), string("not a topic filter"));
            client.expect(packet(0x90, u16(9), properties(version, why), codes));
            client.send(publish(version, "b/x", 2, 5, "p")); // and the connection is in order
        }
    }

    @Test
    void unsuback_hasACodeForEachFilterInMqtt5() throws Exception { // [MQTT-3.11.3-1]
        try (RawMqtt client = broker.connect(5, "c").subscribed("a", 1)) {
            client.send(unsubscribe(5, 7, "a", "b", "#/a")).expect(bytes(0xB0, 6, 0, 7, 0, 0, 0x11, 0x8F));
        }
        assertThat(broker.backends.unsubscribed.next().filter().value()).isEqualTo("a");
        assertThat(broker.backends.unsubscribed.all()).hasSize(1);
    }

    @Test
    void unsubscribe_endsTheSubscription() { // [MQTT-3.10.4-3]
        try (RawMqtt client = broker.connect(4, "c").subscribed("a", 1)) {
            client.send(unsubscribe(4, 7, "a")).expect(bytes(0xB0, 2, 0, 7));
            client.send(publish(4, "a", 0, 0, "p")).expectNothing();
        }
    }

    @Test
    void subackOfAPersistingSession_waitsForTheStore() throws Exception {
        broker.backends.subscribed.holding(event -> true);
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            client.send(subscribe(4, 1, "a/+", 1));
            var asked = broker.backends.subscribed.nextHeld();
            assertThat(asked.event().origin()).isEqualTo(SubscriptionOrigin.DEVICE);
            assertThat(asked.event().persists()).isTrue();
            client.expectNothing();
            asked.answer();
            client.expect(bytes(0x90, 3, 0, 1, 1));
        }
    }

    @Test
    void subackOfACleanSession_waitsForNobody() throws Exception {
        broker.backends.subscribed.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "c")) {
            client.send(subscribe(4, 1, "a/+", 1)).expect(bytes(0x90, 3, 0, 1, 1));
        }
        assertThat(broker.backends.subscribed.next().persists()).isFalse();
    }

    @Test
    void subscriptionThatIsNotStored_isRefusedAndNotLive() throws Exception {
        broker.backends.subscribed.answering(event -> {
            throw new EventFailedException(EventFailure.REFUSED, "no");
        });
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            client.send(subscribe(4, 1, "a/+", 1)).expect(bytes(0x90, 3, 0, 1, 0x80)); // [MQTT-3.9.3-2] of 3.1.1
            client.send(publish(4, "a/b", 0, 0, "p")).expectNothing();
        }
    }

    @Test
    void publishWhileTheStoreIsAwaited_isNotMissed() throws Exception {
        broker.backends.subscribed.holding(event -> true);
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming());
                RawMqtt publisher = broker.connect(4, "p")) {
            client.send(subscribe(4, 1, "a/+", 1));
            Stub.Asked<SessionSubscribed, ?> asked = broker.backends.subscribed.nextHeld();
            publisher.send(publish(4, "a/b", 1, 1, "p")).next(RawPacket.PUBACK);
            assertThat(client.next(RawPacket.PUBLISH).payload(4)).isEqualTo("p"); // [MQTT-3.8.4-2]: also before SUBACK
            asked.answer();
            client.next(RawPacket.SUBACK);
        }
    }

    @Test
    void overlappingSubscriptions_deliverOnceAtTheHighestQos() { // [MQTT-3.3.4-2]
        try (RawMqtt client =
                broker.connect(4, "c").subscribed("a/#", 0).subscribed("a/b", 2).subscribed("+/b", 1)) {
            client.send(publish(4, "a/b", 2, 1, "p"));
            RawPacket first = client.next();
            RawPacket second = client.next();
            RawPacket received = first.type() == RawPacket.PUBLISH ? first : second;
            assertThat(received.qos()).isEqualTo(2);
            client.expectNothing();
        }
    }

    @Test
    void sameFilterAgain_replacesTheSubscription() { // [MQTT-3.8.4-3]
        try (RawMqtt client = broker.connect(4, "c").subscribed("a", 1).subscribed("a", 0)) {
            client.send(publish(4, "a", 1, 1, "p"));
            RawPacket first = client.next();
            RawPacket received = first.type() == RawPacket.PUBLISH ? first : client.next(RawPacket.PUBLISH);
            assertThat(received.qos()).isZero();
        }
    }

    @Test
    void noLocal_keepsOwnMessagesAway() { // [MQTT-3.8.3-3]
        try (RawMqtt client = broker.connect(5, "c").subscribed("a", NO_LOCAL);
                RawMqtt other = broker.connect(5, "other")) {
            client.send(publish(5, "a", 0, 0, "mine")).expectNothing();
            other.send(publish(5, "a", 0, 0, "yours"));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("yours");
        }
    }

    @Test
    void retainFlagOfLiveMessages_isClearedUnlessWantedAsPublished() { // [MQTT-3.3.1-12], [MQTT-3.3.1-13]
        try (RawMqtt plain = broker.connect(5, "plain").subscribed("a", 0);
                RawMqtt faithful = broker.connect(5, "faithful").subscribed("a", RETAIN_AS_PUBLISHED);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, 0x31, "a", 0, bytes('r')), publish(5, 0x30, "a", 0, bytes('n')));
            assertThat(plain.next(RawPacket.PUBLISH).retained()).isFalse();
            assertThat(plain.next(RawPacket.PUBLISH).retained()).isFalse();
            assertThat(faithful.next(RawPacket.PUBLISH).retained()).isTrue();
            assertThat(faithful.next(RawPacket.PUBLISH).retained()).isFalse();
        }
    }

    @Test
    void wildcards_doNotTakeInDollarTopics() { // [MQTT-4.7.2-1]
        try (RawMqtt client = broker.connect(4, "c").subscribed("#", 0).subscribed("+/x", 0)) {
            client.send(publish(4, "$SYS/x", 0, 0, "p")).expectNothing();
        }
    }
}
