package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.ClientConnected;
import io.redshank.model.Message;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients go, and what becomes of their wills. */
class LeavingTest {
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
    void connectionCut_publishesTheWill(int version) throws Exception { // [MQTT-3.1.2-8]
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("w", 1)) {
            Message before = published(watcher);
            broker.connect(version, ConnectPacket.of(version, "c").will("w", "gone", 1))
                    .close();
            RawPacket will = watcher.next(RawPacket.PUBLISH);
            assertThat(will.payload(4)).isEqualTo("gone");
            assertThat(will.qos()).isEqualTo(1);
            Message stored = broker.backends.published.next().message();
            assertThat(stored.from().value()).isEqualTo("c");
            assertThat(stored.id().isAfter(before.id())).isTrue();
        }
    }

    /** Published between CONNECT with the will and the end, so that the will has to come behind it. */
    private Message published(RawMqtt client) throws Exception {
        client.send(Packets.publish(4, "other", 1, 1, "p")).next(RawPacket.PUBACK);
        return broker.backends.published.next().message();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void disconnect_discardsTheWill(int version) throws Exception { // [MQTT-3.14.4-3]
        try (RawMqtt client =
                broker.connect(version, ConnectPacket.of(version, "c").will("w", "gone", 1))) {
            client.send(Packets.DISCONNECT).expectClosed();
        }
        broker.backends.disconnected.next();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void disconnectWithWill_publishesItWithoutNoise() throws Exception { // MQTT 5, 3.14.2.1
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("w", 0);
                RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").will("w", "gone", 0));
                LogLines log = LogLines.capture()) {
            client.send(Packets.disconnect(4), Packets.publish(5, "w", 0, 0, "behind"))
                    .expectClosed();
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("gone");
            watcher.expectNothing();
            log.expectNone();
        }
    }

    @Test
    void disconnect_mayChangeTheExpiry() throws Exception { // MQTT 5, 3.14.2.2.2
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").expiry(60))) {
            client.send(Packets.disconnect(0, bytes(0x11, 0, 0, 0, 9))).expectClosed();
        }
        assertThat(broker.backends.disconnected.next().expirySeconds()).isEqualTo(9);
    }

    @Test
    void takeover_publishesTheWill()
            throws Exception { // MQTT 5, 3.1.4: the old connection is closed without DISCONNECT
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("w", 0);
                RawMqtt older = broker.connect(4, ConnectPacket.of(4, "c").will("w", "gone", 0));
                RawMqtt newer = broker.connect(4, "c")) {
            older.expectClosed();
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("gone");
            newer.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void silentClient_isGoneAfterOneAndAHalfKeepAlives(int version) throws Exception { // [MQTT-3.1.2-24]
        try (RawMqtt watcher = broker.connect(4, "watcher").subscribed("w", 0);
                RawMqtt client = broker.connect(
                        version, ConnectPacket.of(version, "c").keepAlive(1).will("w", "gone", 0));
                LogLines log = LogLines.capture()) {
            long start = System.nanoTime();
            if (version == 5) {
                client.expectDisconnect(0x8D);
            } else {
                client.expectClosed();
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1400));
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("gone");
            log.expectNone();
        }
    }

    @Test
    void clientThatPings_stays() throws Exception {
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").keepAlive(1));
                RawMqtt silent = broker.connect(4, ConnectPacket.of(4, "silent").keepAlive(1))) {
            while (broker.backends.disconnected.all().isEmpty()) {
                client.expectNothing();
            }
            silent.expectClosed();
            client.expectNothing();
        }
    }

    @Test
    void connectionWithoutConnect_isClosed() throws Exception { // [MQTT-3.1.4-1]: within a reasonable time
        try (BrokerFixture hasty = new BrokerFixture()
                        .connectTimeout(Duration.ofSeconds(1))
                        .start();
                RawMqtt client = hasty.open(4)) {
            client.expectClosed();
        }
    }

    @Test
    void stoppedNode_tellsEveryClientAndTheEndOfEach() throws Exception {
        List<RawMqtt> clients = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            clients.add(broker.connect(
                    i % 2 == 0 ? 5 : 4,
                    ConnectPacket.of(i % 2 == 0 ? 5 : 4, "c" + i).will("w", "gone", 1)));
        }
        int port = broker.port();
        try (LogLines log = LogLines.capture()) {
            broker.stopBroker();
            assertThat(log.ours()).isEmpty(); // Vert.x tells of what it discards
        }
        for (RawMqtt client : clients) {
            if (client.version() == 5) {
                client.expectDisconnect(0x8B);
            } else {
                client.expectClosed();
            }
        }
        assertThat(broker.backends.disconnected.all()).hasSize(6);
        assertThat(broker.backends.published.all()).hasSize(6);
        assertThat(broker.backends.disconnected.all())
                .extracting(event -> event.epoch())
                .containsExactlyInAnyOrderElementsOf(broker.backends.connected.all().stream()
                        .map(ClientConnected::epoch)
                        .toList());
        assertThatThrownBy(() -> RawMqtt.open(port, 4)).hasMessageContaining("refused");
    }

    @Test
    void stopWhileClientsGoByThemselves_waitsForTheirEndsToo() throws Exception {
        List<RawMqtt> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(broker.connect(4, "c" + i));
        }
        clients.forEach(RawMqtt::close);
        try (LogLines log = LogLines.capture()) {
            broker.stopBroker();
            assertThat(log.ours()).isEmpty(); // Vert.x tells of what it discards
        }
        assertThat(broker.backends.disconnected.all()).hasSize(20);
    }
}
