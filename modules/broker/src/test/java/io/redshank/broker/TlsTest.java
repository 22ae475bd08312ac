package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.X509Bundle;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Endpoint;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.TestCertificates;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS of a listener: versions, certificates of clients, and what happens to those that do not get through. */
class TlsTest {
    private static final TestCertificates ours = TestCertificates.create("ours");
    private static final TestCertificates theirs = TestCertificates.create("theirs");

    private final BrokerFixture broker = new BrokerFixture();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void writeCertificates() {
        ours.writeServer(directory, ours.server("broker"));
    }

    @AfterEach
    void stop() throws Exception {
        Eventually.isEqual(() -> broker.listener().admission().admitted(), 0);
        broker.close();
    }

    private void start(ClientCertificates clients, String... versions) throws Exception {
        broker.transport(Transports.tlsOnly(Transports.tls(directory, clients, versions)));
        broker.start();
    }

    private Endpoint endpoint() {
        return Endpoint.of(Scheme.TLS, broker.port(), ours);
    }

    private static SSLSocket socket(Endpoint endpoint, String... versions) throws IOException {
        SSLSocket socket =
                (SSLSocket) endpoint.sslContext().getSocketFactory().createSocket("127.0.0.1", endpoint.port());
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        socket.setSoTimeout(5000);
        return socket;
    }

    private static String connect(Endpoint endpoint, String... versions) throws IOException {
        try (SSLSocket socket = socket(endpoint, versions)) {
            socket.startHandshake();
            RawMqtt client =
                    RawMqtt.over(socket, 4).send(ConnectPacket.of(4, "tls").bytes());
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
            return socket.getSession().getProtocol();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersions_areSpoken(String version) throws Exception {
        start(ClientCertificates.NONE);
        assertThat(connect(endpoint(), version)).isEqualTo(version);
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2,TLSv1.3", "TLSv1.3,TLSv1.2"})
    void aVersion_thatIsNotConfigured_isRefused(String only, String other) throws Exception {
        start(ClientCertificates.NONE, only);
        assertThat(connect(endpoint())).isEqualTo(only);
        assertThatThrownBy(() -> connect(endpoint(), other)).isInstanceOf(IOException.class);
    }

    /** By hand: Java's own TLS does not even ask for so old a version. */
    @ParameterizedTest
    @ValueSource(ints = {0x0301, 0x0302})
    void olderVersions_areRefusedWithAnAlert(int version) throws Exception {
        start(ClientCertificates.NONE);
        byte[] hello = Packets.join(
                Packets.u16(version),
                new byte[32],
                Packets.bytes(0),
                Packets.u16(4),
                Packets.u16(0xC013), // ECDHE_RSA_WITH_AES_128_CBC_SHA
                Packets.u16(0xC009), // ECDHE_ECDSA_WITH_AES_128_CBC_SHA
                Packets.bytes(1, 0));
        byte[] handshake = Packets.join(Packets.bytes(1, 0), Packets.u16(hello.length), hello);
        try (Socket socket = new Socket("127.0.0.1", broker.port())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(Packets.join(Packets.bytes(22, 3, 1), Packets.u16(handshake.length), handshake));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(in.readUnsignedByte()).as("type of record: alert").isEqualTo(21);
            in.skipNBytes(4);
            assertThat(in.readNBytes(2)).as("fatal, protocol_version").containsExactly(2, 70);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** Who comes with which certificate, and whether it is let in; with and without TLS 1.3, where it is told later. */
    @ParameterizedTest
    @CsvSource({
        "NONE,none,true",
        "NONE,wrong,true",
        "REQUESTED,none,true",
        "REQUESTED,right,true",
        "REQUESTED,wrong,false",
        "REQUESTED,expired,false",
        "REQUIRED,right,true",
        "REQUIRED,none,false",
        "REQUIRED,wrong,false",
        "REQUIRED,expired,false",
        "REQUIRED,server,false"
    })
    void clientCertificates_areAskedForAndChecked(ClientCertificates clients, String shown, boolean letIn)
            throws Exception {
        start(clients);
        X509Bundle certificate = certificate(shown);
        Endpoint endpoint = certificate == null ? endpoint() : endpoint().showing(certificate);
        for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
            if (letIn) {
                assertThat(connect(endpoint, version)).isEqualTo(version);
            } else {
                assertThatThrownBy(() -> connect(endpoint, version)).isNotNull();
            }
        }
    }

    private static @Nullable X509Bundle certificate(String kind) {
        return switch (kind) {
            case "right" -> ours.client("CN=device");
            case "wrong" -> theirs.client("CN=device");
            case "expired" -> ours.expiredClient("CN=device");
            case "server" -> ours.server("device"); // may not be used by a client
            default -> null;
        };
    }

    @ParameterizedTest
    @CsvSource({"'CN=seven,OU=sensors,O=acme',seven", "'O=acme,CN=with space',with space", "'CN=\u00fcml',\u00fcml"})
    void commonName_isTheUserNameWhateverTheConnectSays(String subject, String name) throws Exception {
        start(ClientCertificates.REQUIRED_AS_USERNAME);
        Endpoint endpoint = endpoint().showing(ours.client(subject));
        try (SSLSocket socket = socket(endpoint)) {
            RawMqtt client = RawMqtt.over(socket, 5);
            client.send(ConnectPacket.of(5, "cn").username("admin").bytes());
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
            assertThat(broker.backends.connected.next().username()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"O=acme", "CN="})
    void certificate_withoutACommonName_isNotAuthorizedWhereItHasToNameTheUser(String subject) throws Exception {
        start(ClientCertificates.REQUIRED_AS_USERNAME);
        Endpoint endpoint = endpoint().showing(ours.client(subject));
        try (SSLSocket socket = socket(endpoint)) {
            RawMqtt client =
                    RawMqtt.over(socket, 5).send(ConnectPacket.of(5, "no-cn").bytes());
            assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(0x87);
            client.expectClosed();
        }
    }

    @Test
    void mqttWithoutTls_isClosedWithOneLineForMany() throws Exception {
        start(ClientCertificates.NONE);
        try (LogLines log = LogLines.capture()) {
            for (int i = 0; i < 20; i++) {
                try (Socket socket = new Socket("127.0.0.1", broker.port())) {
                    socket.setSoTimeout(5000);
                    socket.getOutputStream().write(ConnectPacket.of(4, "plain").bytes());
                    socket.getInputStream().readAllBytes(); // an alert, perhaps, and the end
                }
            }
            log.expectOne("Connections fail before CONNECT");
        }
    }

    @Test
    void lookingWhetherThereIsAPort_isNotWorthALine() throws Exception {
        start(ClientCertificates.NONE);
        try (LogLines log = LogLines.capture()) {
            for (int i = 0; i < 5; i++) {
                new Socket("127.0.0.1", broker.port()).close();
            }
            assertThat(connect(endpoint())).isNotEmpty();
            Eventually.isEqual(() -> broker.listener().admission().admitted(), 0);
            log.expectNone();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS", "WSS"})
    void handshake_thatIsNotFinishedInTime_isClosed(Scheme scheme) throws Exception {
        broker.connectTimeout(java.time.Duration.ofSeconds(1)).transport(Transports.of(scheme, directory));
        broker.start();
        try (Socket silent = new Socket("127.0.0.1", broker.port());
                Socket halfway = new Socket("127.0.0.1", broker.port());
                SSLSocket withoutConnect = socket(endpoint())) {
            halfway.getOutputStream().write(new byte[] {22, 3, 1, 1, 0});
            withoutConnect.startHandshake();
            for (Socket socket : new Socket[] {silent, halfway, withoutConnect}) {
                socket.setSoTimeout(5000);
                assertThat(socket.getInputStream().readAllBytes()).isNotNull();
            }
        }
    }
}
