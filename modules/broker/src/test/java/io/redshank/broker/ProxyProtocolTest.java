package io.redshank.broker;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Endpoint;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.TestCertificates;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners behind a proxy that tells who its clients are, in headers made by hand. */
class ProxyProtocolTest {
    private static final byte[] SIGNATURE =
            Packets.bytes(0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A);
    private static final byte[] CONNECT_OF_NOTHING =
            ConnectPacket.of(5, "").resuming().receiveMaximum(0).bytes();

    private final BrokerFixture broker = new BrokerFixture();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void stop() throws Exception {
        Eventually.isEqual(() -> broker.listener().admission().admitted(), 0);
        assertThat(broker.listener().admission().addresses()).isZero();
        broker.close();
    }

    private void start(ConnectionLimits limits, @Nullable TlsOptions tls) throws Exception {
        broker.connections(limits).transport(new Transport(true, tls, null)).start();
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(US_ASCII);
    }

    private static byte[] v2(int command, int family, byte[]... parts) {
        byte[] addresses = Packets.join(parts);
        return Packets.join(SIGNATURE, Packets.bytes(0x20 | command, family), Packets.u16(addresses.length), addresses);
    }

    private static byte[] tcp4(int... source) {
        return v2(1, 0x11, Packets.bytes(source), Packets.bytes(10, 0, 0, 1), Packets.u16(4242), Packets.u16(1883));
    }

    static Stream<Arguments> headers() {
        byte[] v6 = new byte[16];
        v6[0] = 0x20;
        v6[1] = 0x01;
        v6[15] = 7;
        byte[] tlv = Packets.bytes(0x04, 0, 3, 1, 2, 3);
        return Stream.of(
                Arguments.of("v1 TCP4", v1("PROXY TCP4 203.0.113.7 10.0.0.1 4242 1883"), "203.0.113.7:4242"),
                Arguments.of("v1 TCP6", v1("PROXY TCP6 2001::7 2001::1 4242 1883"), "2001:0:0:0:0:0:0:7]:4242"),
                Arguments.of("v1 UNKNOWN", v1("PROXY UNKNOWN"), "127.0.0.1:"),
                Arguments.of("v2 TCP4", tcp4(203, 0, 113, 7), "203.0.113.7:4242"),
                Arguments.of(
                        "v2 TCP6",
                        v2(1, 0x21, v6, new byte[16], Packets.u16(4242), Packets.u16(1883)),
                        "2001:0:0:0:0:0:0:7]:4242"),
                Arguments.of(
                        "v2 with more",
                        v2(1, 0x11, Packets.bytes(203, 0, 113, 7, 10, 0, 0, 1), Packets.u16(4242), Packets.u16(1), tlv),
                        "203.0.113.7:4242"),
                Arguments.of("v2 LOCAL", v2(0, 0x00), "127.0.0.1:"),
                Arguments.of("v2 LOCAL with an address", v2(0, 0x11, new byte[12]), "127.0.0.1:"),
                Arguments.of("v2 of a Unix socket", v2(1, 0x31, new byte[216]), "127.0.0.1:"));
    }

    /** The address is seen in the line about a CONNECT that is refused. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void header_tellsWhoTheClientIs(String kind, byte[] header, String address) throws Exception {
        start(ConnectionLimits.within(Duration.ofSeconds(10)), null);
        try (LogLines log = LogLines.capture();
                RawMqtt refused = RawMqtt.open(broker.port(), 5).send(Packets.join(header, CONNECT_OF_NOTHING));
                RawMqtt client = RawMqtt.open(broker.port(), 5)) {
            assertThat(refused.next(RawPacket.CONNACK).at(1)).isEqualTo(0x82);
            log.expectOne(address);
            for (byte single : Packets.join(header, ConnectPacket.of(5, "p").bytes())) {
                client.send(new byte[] {single});
            }
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        }
    }

    static Stream<Arguments> noHeaders() {
        byte[] connect = ConnectPacket.of(4, "without").bytes();
        return Stream.of(
                Arguments.of("none", connect),
                Arguments.of("none, long", ConnectPacket.of(4, "x".repeat(150)).bytes()),
                Arguments.of("v1 of what", v1("PROXY TCP5 203.0.113.7 10.0.0.1 1 2")),
                Arguments.of("v1 of no address", v1("PROXY TCP4 203.0.113.777 10.0.0.1 1 2")),
                Arguments.of("v1 of a name", v1("PROXY TCP4 example.org 10.0.0.1 1 2")),
                Arguments.of("v1 of no port", v1("PROXY TCP4 203.0.113.7 10.0.0.1 1 99999")),
                Arguments.of("v1 too short", v1("PROXY TCP4 203.0.113.7")),
                Arguments.of("v1 too long", v1("PROXY UNKNOWN " + "x".repeat(200))),
                Arguments.of("v1 without end", "PROXY UNKNOWN ".repeat(20).getBytes(US_ASCII)),
                Arguments.of("lower case", v1("proxy TCP4 203.0.113.7 10.0.0.1 1 2")),
                Arguments.of("v2 of UDP", v2(1, 0x12, new byte[12])),
                Arguments.of("v2 of an unknown family", v2(1, 0x51, new byte[12])),
                Arguments.of("v2 of an unknown command", v2(5, 0x11, new byte[12])),
                Arguments.of("v2 too short", v2(1, 0x11, new byte[3])),
                Arguments.of("v2 too long", Packets.join(SIGNATURE, Packets.bytes(0x21, 0x11), Packets.u16(65_535))),
                Arguments.of("v3", Packets.join(SIGNATURE, Packets.bytes(0x31, 0x11), Packets.u16(12), new byte[12])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("noHeaders")
    void connection_withoutAValidHeader_isClosed(String kind, byte[] sent) throws Exception {
        start(ConnectionLimits.within(Duration.ofSeconds(2)), null);
        try (LogLines log = LogLines.capture();
                RawMqtt client = RawMqtt.open(broker.port(), 4)) {
            client.send(sent).expectClosed();
            assertThat(log.all()).hasSizeLessThanOrEqualTo(1).allMatch(line -> line.contains("PROXY protocol header"));
        }
    }

    @Test
    void header_thatDoesNotEnd_isClosedInTime() throws Exception {
        start(ConnectionLimits.within(Duration.ofSeconds(1)), null);
        try (RawMqtt client = RawMqtt.open(broker.port(), 4)) {
            client.send("PROXY TCP4 203.0".getBytes(US_ASCII)).expectClosed();
        }
        try (RawMqtt client = RawMqtt.open(broker.port(), 4)) {
            client.send(SIGNATURE).expectClosed();
        }
    }

    @Test
    void limitPerAddress_isForTheClientAndNotForTheProxy() throws Exception {
        start(new ConnectionLimits(Duration.ofSeconds(10), 100, 1, ConnectionLimits.UNLIMITED), null);
        byte[] connect = ConnectPacket.of(5, "one").bytes();
        try (RawMqtt one = RawMqtt.open(broker.port(), 5).send(tcp4(203, 0, 113, 7), connect);
                RawMqtt same = RawMqtt.open(broker.port(), 5);
                RawMqtt other = RawMqtt.open(broker.port(), 5)) {
            assertThat(one.next(RawPacket.CONNACK).at(1)).isZero();
            same.send(tcp4(203, 0, 113, 7), ConnectPacket.of(5, "two").bytes());
            assertThat(same.next(RawPacket.CONNACK).at(1)).isEqualTo(0x97);
            same.expectClosed();
            other.send(tcp4(203, 0, 113, 8), ConnectPacket.of(5, "three").bytes());
            assertThat(other.next(RawPacket.CONNACK).at(1)).isZero();
        }
    }

    @Test
    void header_comesBeforeTls() throws Exception {
        TestCertificates certificates = TestCertificates.create("authority");
        certificates.writeServer(directory, certificates.server("broker"));
        start(ConnectionLimits.within(Duration.ofSeconds(10)), Transports.tls(directory, ClientCertificates.NONE));
        Endpoint endpoint = Endpoint.of(Scheme.TLS, broker.port(), certificates);
        try (LogLines log = LogLines.capture();
                Socket plain = new Socket("127.0.0.1", broker.port())) {
            plain.getOutputStream().write(tcp4(203, 0, 113, 9));
            SSLSocket tls = (SSLSocket)
                    endpoint.sslContext().getSocketFactory().createSocket(plain, "127.0.0.1", broker.port(), true);
            RawMqtt client = RawMqtt.over(tls, 5).send(CONNECT_OF_NOTHING);
            assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(0x82);
            log.expectOne("203.0.113.9:4242");
        }
    }
}
