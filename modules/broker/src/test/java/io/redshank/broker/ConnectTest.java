package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.ClientConnected;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.SessionFound;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clients are let in, byte by byte. */
class ConnectTest {
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
    @ValueSource(ints = {3, 4})
    void connectOfMqtt3_isAnsweredByTwoBytes(int version) throws Exception {
        try (RawMqtt client = broker.open(version)) {
            client.send(ConnectPacket.of(version, "c").username("u").bytes()).expect(bytes(0x20, 2, 0, 0));
            client.expectNothing();
        }
        ClientConnected told = broker.backends.connected.next();
        assertThat(told.client().value()).isEqualTo("c");
        assertThat(told.username()).isEqualTo("u");
        assertThat(told.cleanStart()).isTrue();
        assertThat(told.expirySeconds()).isZero();
    }

    @Test
    void connectOfMqtt5_isToldWhatTheServerTakes() {
        try (RawMqtt client = broker.open(5)) {
            RawPacket connack = client.send(ConnectPacket.of(5, "c").bytes()).next(RawPacket.CONNACK);
            RawProperties told = RawProperties.at(connack, 2);
            assertThat(told.ids()).containsExactlyInAnyOrder(0x21, 0x22, 0x27);
            assertThat(told.number(RawProperties.RECEIVE_MAXIMUM)).isEqualTo(100);
            assertThat(told.number(RawProperties.TOPIC_ALIAS_MAXIMUM)).isEqualTo(10);
            assertThat(told.number(0x27)).isEqualTo(BrokerFixture.MAX_PACKET_SIZE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void keptSession_isPresent(int version) throws Exception { // [MQTT-3.2.2-2] of 3.1.1
        broker.backends.connected.answering(event -> new SessionFound(true, List.of()));
        try (RawMqtt client = broker.open(version)) {
            client.send(ConnectPacket.of(version, "c").resuming().bytes());
            RawPacket connack = client.next(RawPacket.CONNACK);
            assertThat(connack.at(0)).isEqualTo(1);
            assertThat(connack.at(1)).isZero();
        }
        ClientConnected told = broker.backends.connected.next();
        assertThat(told.cleanStart()).isFalse();
        assertThat(told.expirySeconds()).isEqualTo(version == 5 ? 0 : 3600);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("level 6 [MQTT-3.1.2-2]", raw("MQTT", 6, 2, string("c")), bytes(0x20, 2, 0, 1)),
                Arguments.of(
                        "no id, clean session 0 [MQTT-3.1.3-8]",
                        ConnectPacket.of(4, "").resuming().bytes(),
                        bytes(0x20, 2, 0, 2)),
                Arguments.of("another protocol [MQTT-3.1.2-1]", raw("HTTP", 4, 2, string("c")), bytes(0x20, 2, 0, 1)),
                Arguments.of(
                        "will QoS without a will [MQTT-3.1.2-11]",
                        ConnectPacket.of(5, "c").flags(0x0A).bytes(),
                        bytes(0x20, 3, 0, 0x82, 0)),
                Arguments.of(
                        "no id in MQTT 3.1", ConnectPacket.of(3, "").resuming().bytes(), bytes(0x20, 2, 0, 2)),
                Arguments.of(
                        "id of 201 characters",
                        ConnectPacket.of(4, "i".repeat(201)).bytes(),
                        bytes(0x20, 2, 0, 2)),
                Arguments.of(
                        "id of 201 characters",
                        ConnectPacket.of(5, "i".repeat(201)).bytes(),
                        bytes(0x20, 3, 0, 0x85, 0)),
                Arguments.of(
                        "authentication method [MQTT-4.12.0-1]",
                        ConnectPacket.of(5, "c").property(0x15, string("m")).bytes(),
                        bytes(0x20, 3, 0, 0x8C, 0)),
                Arguments.of(
                        "receive maximum 0 (3.1.2.11.3)",
                        ConnectPacket.of(5, "c").receiveMaximum(0).bytes(),
                        bytes(0x20, 3, 0, 0x82, 0)),
                Arguments.of(
                        "maximum packet size 0 (3.1.2.11.4)",
                        ConnectPacket.of(5, "c").property(0x27, u32(0)).bytes(),
                        bytes(0x20, 3, 0, 0x82, 0)),
                Arguments.of(
                        "will topic with wildcard (3.1.3.3)",
                        ConnectPacket.of(5, "c").will("a/#", "w", 0).bytes(),
                        bytes(0x20, 3, 0, 0x90, 0)));
    }

    private static byte[] raw(String protocol, int level, int flags, byte[] payload) {
        return packet(0x10, string(protocol), bytes(level, flags), u16(60), payload);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void connectThatIsRefused_isToldWhy(String why, byte[] connect, byte[] connack) {
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            RawPacket refusal = client.send(connect).next(RawPacket.CONNACK);
            assertThat(refusal.at(1)).isEqualTo(Byte.toUnsignedInt(connack[3]));
            if (connack.length == 4) {
                assertThat(refusal).matches(got -> got.is(connack));
            }
            client.expectClosed();
            assertThat(log.all()).as(why).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(broker.backends.connected.all()).isEmpty();
    }

    @Test
    void emptyIdOfMqtt5_isAssignedAlsoWithoutCleanStart() throws Exception { // [MQTT-3.1.3-6]
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "").resuming().expiry(60).bytes());
            String connack = new String(client.next(RawPacket.CONNACK).body(), StandardCharsets.UTF_8);
            String assigned = broker.backends.connected.next().client().value();
            assertThat(assigned).isNotEmpty();
            assertThat(connack).contains("\u0012\0" + (char) assigned.length() + assigned); // [MQTT-3.2.2-16]
        }
    }

    @Test
    void emptyIdWithCleanSession_isTaken() throws Exception { // [MQTT-3.1.3-6] of 3.1.1
        try (RawMqtt first = broker.connect(4, "");
                RawMqtt second = broker.connect(4, "")) {
            first.expectNothing();
            second.expectNothing();
        }
        assertThat(broker.backends.connected.next().client())
                .isNotEqualTo(broker.backends.connected.next().client());
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void idLongerThanMqtt31Had_isTaken(int version) throws Exception {
        try (RawMqtt client = broker.connect(version, "i".repeat(200))) {
            client.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void connectSubscribePublishInOneSegment_isServedWhole(int version) { // [MQTT-3.1.4-5]
        try (RawMqtt client = broker.open(version)) {
            client.send(
                    ConnectPacket.of(version, "c").bytes(),
                    subscribe(version, 1, "t", 1),
                    publish(version, "t", 1, 7, "hello"),
                    publish(version, "t", 0, 0, "again"),
                    Packets.PINGREQ);
            client.next(RawPacket.CONNACK);
            List<Integer> types = Stream.generate(client::next)
                    .limit(5)
                    .map(RawPacket::type)
                    .sorted()
                    .toList();
            assertThat(types)
                    .containsExactly(
                            RawPacket.PUBLISH,
                            RawPacket.PUBLISH,
                            RawPacket.PUBACK,
                            RawPacket.SUBACK,
                            RawPacket.PINGRESP);
        }
    }

    @Test
    void packetsBeforeConnack_wait() throws Exception {
        broker.backends.connected.holding(event -> true);
        try (RawMqtt client = broker.open(4)) {
            client.send(ConnectPacket.of(4, "c").bytes(), publish(4, "t", 1, 7, "early"));
            Stub.Asked<ClientConnected, SessionFound> asked = broker.backends.connected.nextHeld();
            client.send(publish(4, "t", 1, 8, "less early"));
            assertThat(broker.backends.published.all()).isEmpty();
            asked.answer();
            client.next(RawPacket.CONNACK);
            client.expect(bytes(0x40, 2, 0, 7)).expect(bytes(0x40, 2, 0, 8));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xC0, 0xE0, 0xD0, 0xF0})
    void firstPacketThatIsNotConnect_closes(int first) { // [MQTT-3.1.0-1]
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(bytes(first, 0)).expectClosed();
            log.expectOne("Connections fail before CONNECT");
            log.expectOne("at=first packet, cause=the first packet is not CONNECT");
        }
    }

    /** Scanners of ports are many, and each connection is of another kind: the log has a line for them now and then. */
    @Test
    void manyWithoutAConnect_areOneLine() {
        byte[][] first = {bytes('G', 'E', 'T', ' ', '/'), bytes(0x16, 3, 1, 0, 5, 1), bytes(0, 0), bytes(0xC0, 0)};
        try (LogLines log = LogLines.capture()) {
            for (byte[] packet : first) {
                for (int times = 0; times < 5; times++) {
                    try (RawMqtt scanner = broker.open(5).send(packet)) {
                        scanner.expectClosed();
                    }
                }
            }
            log.expectOne("since the last such line=1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void secondConnect_endsTheConnection(int version) { // [MQTT-3.1.0-2]
        try (RawMqtt client = broker.connect(version, "c");
                LogLines log = LogLines.capture()) {
            client.send(ConnectPacket.of(version, "c").bytes());
            if (version == 5) {
                client.expectDisconnect(0x82);
            } else {
                client.expectClosed();
            }
            log.expectOne("Connection closed for a bad packet");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void connectWhileBackendsAreAway_isRefused(int version) throws Exception {
        broker.backends.connected.answering(event -> {
            throw new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away");
        });
        try (RawMqtt client = broker.open(version);
                LogLines log = LogLines.capture()) {
            byte[] behind = publish(version, "t", 1, 1, "is let go");
            client.send(ConnectPacket.of(version, "c").will("t", "w", 1).bytes(), behind);
            RawPacket refusal = client.next(RawPacket.CONNACK);
            assertThat(refusal.at(1)).isEqualTo(version == 5 ? 0x88 : 3);
            client.expectClosed();
            log.expectOne("CONNECT refused");
        }
        assertThat(broker.backends.disconnected.next().client().value()).isEqualTo("c");
        assertThat(broker.backends.published.all()).as("no will").isEmpty(); // [MQTT-3.1.4-6]
    }
}
