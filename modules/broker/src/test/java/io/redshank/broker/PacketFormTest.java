package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets of connected clients that are too short, too long, or begin wrongly. */
class PacketFormTest {
    private static final BrokerFixture broker = new BrokerFixture();
    private static final byte[] REASON_STRING = join(bytes(0x1F), string("why"));

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    private static void expectRefused(RawMqtt client, int reason, String what) {
        if (client.version() == 5) {
            assertThat(client.next(RawPacket.DISCONNECT).at(0)).as(what).isEqualTo(reason);
        }
        client.expectClosed();
    }

    /** Each packet that a client sends, with every field that it can have. */
    static Stream<Arguments> wholePackets() {
        return Stream.of(4, 5).flatMap(PacketFormTest::wholePacketsOf);
    }

    private static Stream<Arguments> wholePacketsOf(int version) {
        byte[] user = join(bytes(0x26), string("k"), string("v"));
        byte[] ending = version == 5 ? join(bytes(0), properties(5, REASON_STRING)) : new byte[0];
        Stream<Arguments> all = Stream.of(
                Arguments.of("PUBLISH", version, packet(0x32, string("t"), u16(9), properties(version, user))),
                Arguments.of("PUBACK", version, packet(0x40, u16(9), ending)),
                Arguments.of("PUBREC", version, packet(0x50, u16(9), ending)),
                Arguments.of("PUBREL", version, packet(0x62, u16(9), ending)),
                Arguments.of("PUBCOMP", version, packet(0x70, u16(9), ending)),
                Arguments.of(
                        "SUBSCRIBE",
                        version,
                        packet(0x82, u16(9), properties(version, user), string("t"), bytes(0), string("u"), bytes(1))),
                Arguments.of("UNSUBSCRIBE", version, packet(0xA2, u16(9), properties(version, user), string("tt"))));
        return version == 4
                ? all
                : Stream.concat(all, Stream.of(Arguments.of("DISCONNECT", 5, Packets.disconnect(0, REASON_STRING))));
    }

    /** Where a packet of MQTT 5 may end although it could have more; and after which filter it may. */
    private static boolean isWhole(int type, byte[] body, int length) {
        return switch (type) {
            case RawPacket.PUBACK, RawPacket.PUBREC, RawPacket.PUBREL, RawPacket.PUBCOMP -> length == 2 || length == 3;
            case RawPacket.DISCONNECT -> length <= 1;
            case 8 -> length > 0 && body[length - 1] == 0 && length == body.length - 4; // one filter is enough
            default -> false;
        };
    }

    @ParameterizedTest(name = "{0}, level {1}")
    @MethodSource("wholePackets")
    void packetThatEndsWithinAField_isMalformed(String name, int version, byte[] whole) { // [MQTT-4.13.1-1]
        byte[] body = Arrays.copyOfRange(whole, 2, whole.length);
        for (int length = 0; length < body.length; length++) {
            if (!isWhole(whole[0] >> 4 & 15, body, length)) {
                byte[] cut = packet(whole[0] & 0xFF, Arrays.copyOf(body, length));
                try (RawMqtt client = broker.connect(version, "cut")) {
                    client.send(cut);
                    boolean noFilter = name.endsWith("SUBSCRIBE") && length == (version == 5 ? 10 : 2);
                    expectRefused(client, noFilter ? 0x82 : 0x81, name + " cut to " + length);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}, level {1}")
    @MethodSource("wholePackets")
    void bytesBehindTheLastField_areMalformed(String name, int version, byte[] whole) {
        if (name.equals("PUBLISH")) {
            return; // what is behind its last field is its payload
        }
        byte[] body = Arrays.copyOfRange(whole, 2, whole.length);
        try (RawMqtt client = broker.connect(version, "long")) {
            client.send(packet(whole[0] & 0xFF, body, bytes(0)));
            expectRefused(client, 0x81, name);
        }
    }

    /** Packet types with the only flags that they have; PUBLISH has others. */
    @ParameterizedTest
    @CsvSource({
        "4, 0", // PUBACK
        "5, 0", // PUBREC
        "6, 2", // PUBREL [MQTT-3.6.1-1]
        "7, 0", // PUBCOMP
        "8, 2", // SUBSCRIBE [MQTT-3.8.1-1]
        "10, 2", // UNSUBSCRIBE [MQTT-3.10.1-1]
        "12, 0", // PINGREQ
        "14, 0", // DISCONNECT [MQTT-3.14.1-1]
        "15, 0" // AUTH [MQTT-3.15.1-1]
    })
    void reservedFlags_areMalformed(int type, int only) { // [MQTT-2.1.3-1]
        for (int flags = 0; flags < 16; flags++) {
            if (flags != only) {
                for (int version = 4; version <= 5; version++) {
                    try (RawMqtt client = broker.connect(version, "flags")) {
                        client.send(bytes(type << 4 | flags, 0));
                        expectRefused(client, 0x81, "flags " + flags);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x36, 0x37, 0x3E, 0x3F, 0x38, 0x39})
    void qos3_andDupAtQos0_areMalformed(int first) { // [MQTT-3.3.1-4], [MQTT-3.3.1-2]
        for (int version = 4; version <= 5; version++) {
            try (RawMqtt client = broker.connect(version, "first")) {
                client.send(publish(version, first, "t", 1, bytes('p')));
                expectRefused(client, 0x81, "first byte " + first);
            }
        }
    }

    /** In MQTT 3.1, PUBREL, SUBSCRIBE and UNSUBSCRIBE are marked when they are sent again, and unused flags ignored. */
    @Test
    void flagsOfMqtt31_areAsTheyWere() {
        try (RawMqtt client = broker.connect(3, "old")) {
            client.send(packet(0x8A, u16(1), string("t"), bytes(1))).expect(bytes(0x90, 3, 0, 1, 1));
            client.send(packet(0xAA, u16(2), string("t"))).expect(bytes(0xB0, 2, 0, 2));
            client.send(publish(3, "t", 2, 7, "m")).expect(bytes(0x50, 2, 0, 7));
            client.send(packet(0x6A, u16(7))).expect(bytes(0x70, 2, 0, 7));
            client.send(bytes(0xCF, 0)).expect(bytes(0xD0, 0));
            client.send(packet(0x80, u16(3), string("t"), bytes(1))).expectClosed();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x30, 0x82, 0xC0, 0xE0})
    void lengthInMoreBytesThanItTakes_isMalformed(int first) { // [MQTT-1.5.5-1]
        try (RawMqtt client = broker.connect(5, "padded")) {
            client.send(bytes(first, 0x80, 0x00));
            expectRefused(client, 0x81, "padded remaining length");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x32, 0x34, 0x40, 0x50, 0x62, 0x70, 0x82, 0xA2})
    void packetIdZero_isMalformed(int first) { // [MQTT-2.2.1-3]; [MQTT-2.3.1-1] of 3.1.1
        for (int version = 4; version <= 5; version++) {
            byte[] topic = first < 0x40 ? string("t") : new byte[0];
            byte[] rest = first == 0x82 ? join(string("t"), bytes(0)) : first == 0xA2 ? string("t") : new byte[0];
            byte[] section = first == 0x82 || first == 0xA2 || first < 0x40 ? properties(version) : new byte[0];
            try (RawMqtt client = broker.connect(version, "zero")) {
                client.send(packet(first, topic, u16(0), section, rest));
                expectRefused(client, 0x81, "packet id 0");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0x04", "4, 0x40", "4, 0x80", "4, 0x03", "5, 0x40", "5, 0x80", "5, 0x30", "5, 0x03"})
    void reservedSubscriptionOptions_areMalformed(int version, String options) { // [MQTT-3.8.3-5]; [MQTT-3-8.3-4]
        try (RawMqtt client = broker.connect(version, "options")) {
            client.send(packet(0x82, u16(1), properties(version), string("t"), bytes(Integer.decode(options))));
            expectRefused(client, 0x81, "options " + options);
        }
    }

    /** A stream of good packets is understood wherever the network cuts it. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void streamCutAnywhere_isUnderstood(int version) {
        byte[] stream = join(
                Packets.subscribe(version, 1, "cut/+", 1),
                publish(version, "cut/a", 1, 2, "x".repeat(200)),
                Packets.PINGREQ,
                Packets.unsubscribe(version, 3, "other"));
        List<Integer> expected =
                List.of(RawPacket.PUBLISH, RawPacket.PUBACK, RawPacket.SUBACK, RawPacket.UNSUBACK, RawPacket.PINGRESP);
        try (RawMqtt client = broker.connect(version, "pieces")) {
            for (int cut = 1; cut < stream.length; cut += 1 + cut / 60 * 20) {
                client.send(Arrays.copyOf(stream, cut)).send(Arrays.copyOfRange(stream, cut, stream.length));
                List<Integer> types = new ArrayList<>();
                IntStream.range(0, expected.size())
                        .forEach(i -> types.add(client.next().type()));
                assertThat(types).as("cut at %d", cut).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }
}
