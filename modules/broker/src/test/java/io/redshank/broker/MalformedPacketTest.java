package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets that MQTT does not allow end the connection they come on, with a reason in MQTT 5, and no other. */
class MalformedPacketTest {
    private static final BrokerFixture broker = new BrokerFixture();
    private static final byte[] NUL = bytes(0, 3, 'a', 0, 'b');
    private static final byte[] OVERLONG = bytes(0, 3, 'a', 0xC0, 0x80);
    private static final byte[] SURROGATE = bytes(0, 3, 0xED, 0xA0, 0x80);

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    /** What is wrong, the protocol level, the packet, and the reason in MQTT 5. */
    static Stream<Arguments> packetsOfConnectedClients() {
        return Stream.of(4, 5).flatMap(MalformedPacketTest::packetsOf);
    }

    private static Stream<Arguments> packetsOf(int version) {
        byte[] none = properties(version);
        return Stream.of(
                row("QoS 3 [MQTT-3.3.1-4]", version, publish(version, 0x36, "t", 1, new byte[0]), 0x81),
                row("reserved bits of PUBREL [MQTT-3.6.1-1]", version, packet(0x60, u16(1)), 0x81),
                row("reserved bits of SUBSCRIBE", version, packet(0x80, u16(1), none, string("t"), bytes(0)), 0x81),
                row("QoS 3 in SUBSCRIBE", version, packet(0x82, u16(1), none, string("t"), bytes(3)), 0x81),
                row("options in SUBSCRIBE [MQTT-3-8.3-4]", 4, packet(0x82, u16(1), string("t"), bytes(4)), 0x81),
                row("no filter [MQTT-3.8.3-2]", version, packet(0x82, u16(1), none), 0x82),
                row("no filter to leave [MQTT-3.10.3-2]", version, packet(0xA2, u16(1), none), 0x82),
                row("packet id 0 [MQTT-2.2.1-3]", version, publish(version, "t", 1, 0, "p"), 0x81),
                row("wildcard in PUBLISH [MQTT-3.3.2-2]", version, publish(version, "a/#", 0, 0, "p"), 0x81),
                row("+ in PUBLISH", version, publish(version, "+", 0, 0, "p"), 0x81),
                row("NUL in a topic [MQTT-1.5.4-2]", version, packet(0x30, NUL, none), 0x81),
                row("overlong UTF-8 [MQTT-1.5.4-1]", version, packet(0x30, OVERLONG, none), 0x81),
                row("surrogate [MQTT-1.5.4-1]", version, packet(0x30, SURROGATE, none), 0x81),
                row("overlong UTF-8 in a filter", version, packet(0x82, u16(1), none, OVERLONG, bytes(0)), 0x81),
                row("empty topic", version, publish(version, "", 0, 0, "p"), 0x82),
                row("truncated topic", version, packet(0x30, u16(40), bytes('a', 'b')), 0x81),
                row("truncated SUBSCRIBE", version, packet(0x82, u16(1), none, string("t")), 0x81),
                row("length of five bytes", version, bytes(0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1), 0x81),
                row("too large", version, publish(version, "t", 0, 0, "x".repeat(BrokerFixture.MAX_PACKET_SIZE)), 0x95),
                row(
                        "too large, first bytes",
                        version,
                        join(bytes(0x30, 0xFF, 0xFF, 0xFF, 0x7F), string("t"), none),
                        0x95),
                row("type 0", version, bytes(0, 0), 0x81),
                row("CONNACK from a client", version, packet(0x20, bytes(0, 0), none), 0x82),
                row("PINGRESP from a client", version, bytes(0xD0, 0), 0x82),
                row("SUBACK from a client", version, packet(0x90, u16(1), none, bytes(0)), 0x82),
                row("UNSUBACK from a client", version, packet(0xB0, u16(1), none), 0x82),
                row("AUTH out of turn", version, packet(0xF0, bytes(0), none), version == 5 ? 0x82 : 0x81));
    }

    /** What only MQTT 5 can do wrong. */
    static Stream<Arguments> packetsOfMqtt5() {
        byte[] none = properties(5);
        return Stream.of(
                row("unknown topic alias (3.3.2.3.4)", 5, publish(5, 0x30, "", 0, bytes('p'), bytes(0x23, 0, 1)), 0x82),
                row("topic alias [MQTT-3.3.2-9]", 5, publish(5, 0x30, "t", 0, bytes('p'), bytes(0x23, 0, 11)), 0x94),
                row("topic alias 0 [MQTT-3.3.2-8]", 5, publish(5, 0x30, "t", 0, bytes('p'), bytes(0x23, 0, 0)), 0x94),
                row("unknown property", 5, publish(5, 0x30, "t", 0, bytes('p'), bytes(0x7E, 0, 1)), 0x81),
                row(
                        "subscription identifier (3.2.2.3.12)",
                        5,
                        packet(0x82, u16(1), properties(5, bytes(0x0B, 0)), string("t"), bytes(0)),
                        0x82),
                row("retain handling 3", 5, packet(0x82, u16(1), none, string("t"), bytes(0x30)), 0x81),
                row("PUBACK with a reason that is none", 5, packet(0x40, u16(1), bytes(0x55)), 0x81),
                row("PUBREC with a reason that is none", 5, packet(0x50, u16(1), bytes(0x55)), 0x81),
                row("PUBREL with a reason that is none", 5, packet(0x62, u16(1), bytes(0x55)), 0x81),
                row("PUBCOMP with a reason that is none", 5, packet(0x70, u16(1), bytes(0x55)), 0x81),
                row("DISCONNECT with a reason that is none", 5, Packets.disconnect(0x55), 0x81),
                row(
                        "session expiry at the end only (3.14.2.2.2)",
                        5,
                        Packets.disconnect(0, bytes(0x11, 0, 0, 0, 9)),
                        0x82));
    }

    private static Arguments row(String what, int version, byte[] packet, int reason) {
        return Arguments.of(what, version, packet, reason);
    }

    @ParameterizedTest(name = "{0}, level {1}")
    @MethodSource({"packetsOfConnectedClients", "packetsOfMqtt5"})
    void badPacket_endsItsConnectionOnly(String what, int version, byte[] bad, int reason) {
        byte[] behind = publish(version, "behind", 0, 0, "is not heard");
        try (RawMqtt other = broker.connect(4, "other").subscribed("behind", 0);
                RawMqtt client = broker.connect(version, "bad");
                LogLines log = LogLines.capture()) {
            client.send(bad, behind, behind);
            if (version == 5) {
                assertThat(client.next(RawPacket.DISCONNECT).at(0)).as(what).isEqualTo(reason);
            }
            client.expectClosed();
            other.expectNothing();
            assertThat(log.all()).as(what).hasSize(1);
        }
    }

    static Stream<Arguments> badConnects() {
        byte[] keepAlive = u16(60);
        byte[] mqtt = string("MQTT");
        byte[] connack3 = new byte[0];
        byte[] malformed = bytes(0x20, 3, 0, 0x81, 0);
        return Stream.of(
                Arguments.of(
                        "reserved flag [MQTT-3.1.2-3]",
                        ConnectPacket.of(4, "c").flags(3).bytes(),
                        connack3),
                Arguments.of("reserved flag", ConnectPacket.of(5, "c").flags(3).bytes(), malformed),
                Arguments.of(
                        "will QoS 3 [MQTT-3.1.2-12]",
                        ConnectPacket.of(5, "c").will("t", "w", 3).bytes(),
                        malformed),
                Arguments.of(
                        "NUL in the id", ConnectPacket.of(5, bytes('a', 0, 'b')).bytes(), malformed),
                Arguments.of(
                        "overlong UTF-8 in the id",
                        ConnectPacket.of(5, bytes('a', 0xC0, 0x80)).bytes(),
                        malformed),
                Arguments.of(
                        "overlong UTF-8 in the id",
                        ConnectPacket.of(4, bytes('a', 0xC0, 0x80)).bytes(),
                        connack3),
                Arguments.of(
                        "truncated",
                        join(packet(0x10, mqtt, bytes(5, 2), keepAlive, bytes(0), u16(9)), new byte[20]),
                        malformed),
                Arguments.of(
                        "bytes behind", packet(0x10, mqtt, bytes(4, 2), keepAlive, string("c"), bytes(1)), connack3),
                Arguments.of(
                        "too large",
                        ConnectPacket.of(5, "c")
                                .will("t", "x".repeat(60_000), 0)
                                .username("u".repeat(9000))
                                .bytes(),
                        bytes(0x20, 3, 0, 0x95, 0)),
                Arguments.of("HTTP", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8), connack3));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badConnects")
    void badConnect_endsTheConnection(String what, byte[] connect, byte[] connack) {
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect);
            if (connack.length > 0) {
                assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(Byte.toUnsignedInt(connack[3]));
            }
            client.expectClosed();
            assertThat(log.all()).as("a line now and then").hasSizeLessThanOrEqualTo(1);
        }
    }
}
