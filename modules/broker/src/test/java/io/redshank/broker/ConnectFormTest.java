package io.redshank.broker;

import static io.redshank.testkit.Packets.binary;
import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CONNECT packets that are not as MQTT wants them, and old ones that are. */
class ConnectFormTest {
    private static final BrokerFixture broker = new BrokerFixture();

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    private static byte[] connect(int version, int flags, byte[]... payload) {
        String name = version == 3 ? "MQIsdp" : "MQTT";
        return packet(0x10, string(name), bytes(version, flags), u16(60), properties(version), join(payload));
    }

    private static byte[] withFirst(int first, byte[] packet) {
        packet[0] = (byte) first;
        return packet;
    }

    /** MQTT 5 hears why in CONNACK; older ones hear nothing [MQTT-3.1.4-1] of 3.1.1. */
    private static void expectRefused(int version, byte[] connect, int reason, String what) {
        try (RawMqtt client = broker.open(version)) {
            client.send(connect);
            if (version == 5) {
                RawPacket connack = client.next(RawPacket.CONNACK);
                assertThat(connack.at(0)).as(what).isZero(); // [MQTT-3.2.2-6]
                assertThat(connack.at(1)).as(what).isEqualTo(reason);
            }
            client.expectClosed(); // [MQTT-3.2.2-7]
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void connectThatEndsWithinAField_isMalformed(int version) { // [MQTT-3.1.4-1]
        byte[] section = properties(version);
        byte[] whole = connect(
                version, 0xC6, string("c"), section, string("w"), string("p"), string("u"), binary(bytes(0, 1)));
        byte[] body = Arrays.copyOfRange(whole, 2, whole.length);
        for (int length = 0; length < body.length; length++) {
            byte[] cut = packet(0x10, Arrays.copyOf(body, length));
            expectRefused(length < 7 ? 4 : version, cut, 0x81, "cut to " + length);
        }
        try (RawMqtt client = broker.open(version)) {
            client.send(whole);
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        }
    }

    static Stream<Arguments> wrongConnects() {
        return Stream.of(4, 5).flatMap(version -> {
            byte[] id = string("c");
            byte[] will = join(properties(version), string("w"), string("p"));
            return Stream.of(
                    Arguments.of("reserved flag [MQTT-3.1.2-3]", version, connect(version, 3, id), 0x81),
                    Arguments.of("will QoS 3 [MQTT-3.1.2-12]", version, connect(version, 0x1E, id, will), 0x81),
                    Arguments.of("QoS without will [MQTT-3.1.2-11]", version, connect(version, 0x0A, id), 0x82),
                    Arguments.of("retain without will [MQTT-3.1.2-13]", version, connect(version, 0x22, id), 0x82),
                    Arguments.of("no will [MQTT-3.1.2-9]", version, connect(version, 6, id), 0x81),
                    Arguments.of("no user name [MQTT-3.1.2-17]", version, connect(version, 0x82, id), 0x81),
                    Arguments.of("no password [MQTT-3.1.2-19]", version, connect(version, 0xC2, id, string("u")), 0x81),
                    Arguments.of(
                            "user name without its flag [MQTT-3.1.2-16]",
                            version,
                            connect(version, 2, id, string("u")),
                            0x81),
                    Arguments.of(
                            "password without its flag [MQTT-3.1.2-18]",
                            version,
                            connect(version, 0x82, id, string("u"), string("p")),
                            0x81),
                    Arguments.of(
                            "id is not UTF-8 [MQTT-3.1.3-4]", version, connect(version, 2, bytes(0, 1, 0xFF)), 0x81),
                    Arguments.of(
                            "NUL in the user name [MQTT-3.1.3-12]",
                            version,
                            connect(version, 0x82, id, string("u\0")),
                            0x81),
                    Arguments.of(
                            "surrogate in the will topic [MQTT-3.1.3-11]",
                            version,
                            connect(version, 6, id, properties(version), bytes(0, 3, 0xED, 0xA0, 0x80), string("p")),
                            0x81),
                    Arguments.of("no id [MQTT-3.1.3-3]", version, connect(version, 2), 0x81),
                    Arguments.of(
                            "flags of the fixed header [MQTT-2.1.3-1]",
                            version,
                            withFirst(0x11, connect(version, 2, id)),
                            0x81));
        });
    }

    @ParameterizedTest(name = "{0}, level {1}")
    @MethodSource("wrongConnects")
    void wrongConnect_isRefused(String what, int version, byte[] connect, int reason) {
        expectRefused(version, connect, reason, what);
    }

    @Test
    void passwordWithoutUserName_isForMqtt5Only() { // [MQTT-3.1.2-22] of 3.1.1; MQTT 5, 3.1.2.9
        expectRefused(4, connect(4, 0x42, string("c"), string("p")), 0, "password without user name");
        try (RawMqtt client = broker.open(5)) {
            client.send(connect(5, 0x42, string("c"), string("p")));
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        }
    }

    /** In MQTT 3.1 what is missing at the end was not sent, whatever the flags say, and unused flags are ignored. */
    @ParameterizedTest
    @CsvSource({"0x82, 0", "0xC2, 0", "0xC2, 1", "0x03, 0", "0xC2, 2"})
    void connectOfMqtt31_mayPromiseMoreThanItHas(String flags, int strings) {
        byte[] login = join(Stream.generate(() -> string("u")).limit(strings).toArray(byte[][]::new));
        byte[] connect = connect(3, Integer.decode(flags), string("c"), login);
        for (int first : new int[] {0x10, 0x1F}) {
            connect[0] = (byte) first;
            try (RawMqtt client = broker.open(3)) {
                client.send(connect).expect(bytes(0x20, 2, 0, 0)).expectNothing();
            }
        }
    }

    @Test
    void byteOrderMark_staysInTheId() throws Exception { // [MQTT-1.5.4-3]
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "\uFEFFid"))) {
            client.expectNothing();
        }
        assertThat(Stream.generate(() -> next()).anyMatch(id -> id.equals("\uFEFFid")))
                .isTrue();
    }

    private static String next() {
        try {
            return broker.backends.connected.next().client().value();
        } catch (Exception none) {
            throw new AssertionError(none);
        }
    }
}
