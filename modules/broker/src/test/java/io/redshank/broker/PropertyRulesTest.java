package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every property of MQTT 5 in every packet that a client sends: taken where it belongs, and refused where it does not. */
class PropertyRulesTest {
    private static final BrokerFixture broker = new BrokerFixture();
    private static final int USER_PROPERTY = 0x26;
    private static final byte[] STRING = string("s");
    /** Each property with a value that is right for its type (MQTT 5, 2.2.2.2). */
    private static final Map<Integer, byte[]> VALUES = new TreeMap<>(Map.ofEntries(
            Map.entry(0x01, bytes(1)),
            Map.entry(0x02, u32(60)),
            Map.entry(0x03, STRING),
            Map.entry(0x08, STRING),
            Map.entry(0x09, STRING),
            Map.entry(0x0B, bytes(1)),
            Map.entry(0x11, u32(60)),
            Map.entry(0x12, STRING),
            Map.entry(0x13, u16(60)),
            Map.entry(0x15, STRING),
            Map.entry(0x16, STRING),
            Map.entry(0x17, bytes(1)),
            Map.entry(0x18, u32(60)),
            Map.entry(0x19, bytes(1)),
            Map.entry(0x1A, STRING),
            Map.entry(0x1C, STRING),
            Map.entry(0x1F, STRING),
            Map.entry(0x21, u16(10)),
            Map.entry(0x22, u16(10)),
            Map.entry(0x23, u16(1)),
            Map.entry(0x24, bytes(1)),
            Map.entry(0x25, bytes(1)),
            Map.entry(USER_PROPERTY, join(STRING, STRING)),
            Map.entry(0x27, u32(10_000)),
            Map.entry(0x28, bytes(1)),
            Map.entry(0x29, bytes(1)),
            Map.entry(0x2A, bytes(1))));

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    /** A packet with a section of properties, and those that may be in it. */
    private enum Section {
        CONNECT(0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x27),
        WILL(0x01, 0x02, 0x03, 0x08, 0x09, 0x18),
        PUBLISH(0x01, 0x02, 0x03, 0x08, 0x09, 0x23),
        PUBACK(0x1F),
        PUBREC(0x1F),
        PUBREL(0x1F),
        PUBCOMP(0x1F),
        SUBSCRIBE(0x0B),
        UNSUBSCRIBE(),
        DISCONNECT(0x11, 0x1F);

        final Set<Integer> own;

        Section(Integer... own) {
            this.own = Set.of(own);
        }

        boolean mayHold(int id) {
            return id == USER_PROPERTY || own.contains(id);
        }

        byte[] with(byte[] properties) {
            byte[] section = properties(5, properties);
            return switch (this) {
                case CONNECT -> connect(2, section, new byte[0]);
                case WILL -> connect(6, properties(5), join(section, string("w"), string("p")));
                case PUBLISH -> packet(0x30, string("t"), section, bytes('p'));
                case PUBACK -> packet(0x40, u16(1), bytes(0), section);
                case PUBREC -> packet(0x50, u16(1), bytes(0), section);
                case PUBREL -> packet(0x62, u16(1), bytes(0), section);
                case PUBCOMP -> packet(0x70, u16(1), bytes(0), section);
                case SUBSCRIBE -> packet(0x82, u16(1), section, string("t"), bytes(0));
                case UNSUBSCRIBE -> packet(0xA2, u16(1), section, string("t"));
                case DISCONNECT -> packet(0xE0, bytes(0), section);
            };
        }

        private static byte[] connect(int flags, byte[] section, byte[] will) {
            return packet(0x10, string("MQTT"), bytes(5, flags), u16(60), section, string("c"), will);
        }

        boolean connects() {
            return this == CONNECT || this == WILL;
        }
    }

    /** Sends it at its time; answers the code of the CONNACK or DISCONNECT that it brings, or -1 if the connection goes on. */
    private static int codeOf(Section section, byte[] packet) {
        try (RawMqtt client = section.connects()
                ? broker.open(5)
                : broker.connect(5, ConnectPacket.of(5, "p").expiry(1))) {
            client.send(packet);
            if (section.connects()) {
                int code = client.next(RawPacket.CONNACK).at(1);
                return code == 0 ? -1 : code;
            }
            client.send(bytes(0xC0, 0));
            for (RawPacket next = client.nextOrNull(); next != null; next = client.nextOrNull()) {
                if (next.type() == RawPacket.DISCONNECT) {
                    return next.at(0);
                } else if (next.type() == RawPacket.PINGRESP) {
                    return -1;
                }
            }
            return section == Section.DISCONNECT ? -1 : 0;
        }
    }

    private static byte[] property(int id) {
        return join(bytes(id), VALUES.getOrDefault(id, new byte[0]));
    }

    @ParameterizedTest
    @EnumSource
    void property_isTakenWhereItBelongs_andMalformedElsewhere(Section section) { // MQTT 5, 2.2.2.2
        for (int id : VALUES.keySet()) {
            boolean authentication = id == 0x15 || id == 0x16; // has rules of its own
            boolean alias = id == 0x23; // needs a topic alias maximum
            if (!section.mayHold(id)) {
                boolean identifier = section == Section.PUBLISH && id == 0x0B;
                assertThat(codeOf(section, section.with(property(id))))
                        .as("property %d in %s", id, section)
                        .isEqualTo(identifier ? 0x82 : 0x81); // [MQTT-3.3.4-6]
            } else if (!authentication && !alias) {
                assertThat(codeOf(section, section.with(property(id))))
                        .as("property %d in %s", id, section)
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void propertyTwice_isAProtocolError_exceptUserProperties(Section section) {
        for (int id : section.own) {
            assertThat(codeOf(section, section.with(join(property(id), property(id)))))
                    .as("property %d twice in %s", id, section)
                    .isEqualTo(0x82);
        }
        byte[] user = property(USER_PROPERTY);
        assertThat(codeOf(section, section.with(join(user, user, user)))).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource
    void propertiesThatAreNotInOrder_areMalformed(Section section) {
        byte[][] sections = {
            bytes(0x7E, 0), // no such property
            bytes(0x80, 0x00), // an identifier in more bytes than it takes [MQTT-1.5.5-1]
            join(bytes(USER_PROPERTY), STRING), // a pair without its second string
            join(bytes(USER_PROPERTY), string("a\0"), STRING), // [MQTT-1.5.7-1]
            join(bytes(USER_PROPERTY), STRING, bytes(0, 2, 0xC0, 0x80)), // [MQTT-1.5.7-1]
            bytes(USER_PROPERTY)
        };
        for (byte[] wrong : sections) {
            assertThat(codeOf(section, section.with(wrong)))
                    .as(section.toString())
                    .isEqualTo(0x81);
        }
    }

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of(Section.CONNECT, 0x17, bytes(2), 0x82), // request problem information
                Arguments.of(Section.CONNECT, 0x19, bytes(2), 0x82), // request response information
                Arguments.of(Section.CONNECT, 0x21, u16(0), 0x82), // receive maximum
                Arguments.of(Section.CONNECT, 0x27, u32(0), 0x82), // maximum packet size
                Arguments.of(Section.CONNECT, 0x16, STRING, 0x82), // authentication data without a method
                Arguments.of(Section.WILL, 0x01, bytes(2), 0x82), // payload format
                Arguments.of(Section.WILL, 0x08, string("a/+"), 0x82), // response topic [MQTT-3.3.2-14]
                Arguments.of(Section.PUBLISH, 0x01, bytes(2), 0x82),
                Arguments.of(Section.PUBLISH, 0x08, string("#"), 0x82),
                Arguments.of(Section.PUBLISH, 0x08, string(""), 0x82),
                Arguments.of(Section.PUBLISH, 0x08, bytes(0, 1, 0xFF), 0x81), // [MQTT-3.3.2-13]
                Arguments.of(Section.PUBLISH, 0x03, bytes(0, 1, 0xFF), 0x81), // [MQTT-3.3.2-19]
                Arguments.of(Section.PUBLISH, 0x23, u16(0), 0x94), // topic alias [MQTT-3.3.2-8]
                Arguments.of(Section.SUBSCRIBE, 0x0B, bytes(0), 0x82),
                Arguments.of(Section.SUBSCRIBE, 0x0B, bytes(0x80, 0x80, 0x80, 0x80, 1), 0x81),
                Arguments.of(Section.DISCONNECT, 0x1F, bytes(0, 1, 0xFF), 0x81));
    }

    @ParameterizedTest
    @MethodSource("values")
    void valueOutOfItsRange_isRefused(Section section, int id, byte[] value, int code) {
        assertThat(codeOf(section, section.with(join(bytes(id), value)))).isEqualTo(code);
    }
}
