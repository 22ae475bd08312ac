package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.ClientDisconnected;
import io.redshank.events.LastWill;
import io.redshank.model.UserProperty;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wills that wait for the return of their clients (MQTT 5, 3.1.3.2.2): told with the end of the connection, not published. */
class DelayedWillTest {
    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void connectionCut_leavesTheWill() throws Exception { // [MQTT-3.1.3-9]
        long before = System.currentTimeMillis();
        broker.connect(5, client(60, 30)).close();
        ClientDisconnected end = broker.backends.disconnected.next();
        LastWill will = given(end.will());
        assertThat(will.delaySeconds()).isEqualTo(30);
        assertThat(will.message().topic().value()).isEqualTo("w");
        assertThat(will.message().from().value()).isEqualTo("c");
        assertThat(will.message().millis()).isBetween(before, System.currentTimeMillis());
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 60})
    void noDelayOrNoSession_publishesAtOnce(long expiry) throws Exception {
        broker.connect(5, client(expiry, expiry == 0 ? 30 : 0)).close();
        assertThat(broker.backends.published.next().message().topic().value()).isEqualTo("w");
        assertThat(broker.backends.disconnected.next().will()).isNull();
    }

    @Test
    void disconnectWithWill_leavesIt() throws Exception { // MQTT 5, 3.14.2.1
        try (RawMqtt client = broker.connect(5, client(60, 30))) {
            client.send(Packets.disconnect(4)).expectClosed();
        }
        assertThat(given(broker.backends.disconnected.next().will()).delaySeconds())
                .isEqualTo(30);
    }

    @Test
    void disconnectWithWillThatEndsTheSession_publishesAtOnce() throws Exception { // MQTT 5, 3.14.2.2.2
        try (RawMqtt client = broker.connect(5, client(60, 30))) {
            client.send(Packets.disconnect(4, bytes(0x11), u32(0))).expectClosed();
        }
        assertThat(broker.backends.published.next().message().topic().value()).isEqualTo("w");
        assertThat(broker.backends.disconnected.next().will()).isNull();
    }

    @Test
    void disconnect_discardsTheWill() throws Exception { // [MQTT-3.14.4-3]
        try (RawMqtt client = broker.connect(5, client(60, 30))) {
            client.send(Packets.DISCONNECT).expectClosed();
        }
        assertThat(broker.backends.disconnected.next().will()).isNull();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void takeover_leavesTheWill() throws Exception { // whether the session goes on, the new connection says
        try (RawMqtt older = broker.connect(5, client(60, 30));
                RawMqtt newer = broker.connect(5, "c")) {
            older.expectDisconnect(0x8E);
            assertThat(given(broker.backends.disconnected.next().will()).delaySeconds())
                    .isEqualTo(30);
            newer.expectNothing();
        }
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void stoppedNode_leavesTheWill() throws Exception {
        try (RawMqtt client = broker.connect(5, client(60, 30))) {
            broker.stopBroker();
            client.expectDisconnect(0x8B);
        }
        assertThat(given(broker.backends.disconnected.next().will()).delaySeconds())
                .isEqualTo(30);
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void willsProperties_goWithIt() throws Exception {
        byte[] properties = join(
                bytes(0x18),
                u32(5),
                bytes(0x02),
                u32(77),
                bytes(0x03),
                string("text/x"),
                bytes(0x26),
                string("k"),
                string("v"));
        broker.connect(5, ConnectPacket.of(5, "c").expiry(60).will("w", "gone", 1, properties))
                .close();
        LastWill will = given(broker.backends.disconnected.next().will());
        assertThat(will.delaySeconds()).isEqualTo(5);
        assertThat(will.message().properties().expirySeconds()).isEqualTo(77);
        assertThat(will.message().properties().contentType()).isEqualTo("text/x");
        assertThat(will.message().properties().userProperties()).containsExactly(new UserProperty("k", "v"));
    }

    @Test
    void willWithoutDelayToADelayedTopic_isDelayed() throws Exception {
        broker.connect(4, ConnectPacket.of(4, "c").will("$delayed/9/a", "gone", 1))
                .close();
        assertThat(broker.backends.delayed.next().message().topic().value()).isEqualTo("a");
    }

    @Test
    void willToAMalformedDelayedTopic_isRefusedAtConnect() {
        ConnectPacket connect = ConnectPacket.of(5, "c").will("$delayed/x/a", "gone", 1);
        try (RawMqtt client = broker.open(5).send(connect.bytes())) {
            assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(0x90);
        }
    }

    private static ConnectPacket client(long expiry, long delay) {
        return ConnectPacket.of(5, "c").expiry(expiry).delayedWill("w", "gone", 1, delay);
    }

    private static LastWill given(@Nullable LastWill will) {
        if (will == null) {
            throw new AssertionError("no will was told");
        }
        return will;
    }
}
