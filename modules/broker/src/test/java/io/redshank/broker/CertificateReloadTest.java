package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.pkitesting.X509Bundle;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Endpoint;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are replaced while the broker runs. */
class CertificateReloadTest {
    private final TestCertificates ours = TestCertificates.create("ours");
    private final TestCertificates next = TestCertificates.create("next");
    private final X509Bundle first = ours.server("first");
    private final BrokerFixture broker = new BrokerFixture();

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void start() throws Exception {
        ours.writeServer(directory, first);
        broker.transport(Transports.tlsOnly(Transports.tls(directory, ClientCertificates.REQUIRED)));
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private SSLSocket open(TestCertificates clients) throws IOException {
        Endpoint endpoint = Endpoint.of(Scheme.TLS, broker.port(), ours).showing(clients.client("CN=device"));
        SSLSocket socket =
                (SSLSocket) endpoint.sslContext().getSocketFactory().createSocket("127.0.0.1", broker.port());
        socket.setSoTimeout(5000);
        return socket;
    }

    @CanIgnoreReturnValue
    private static RawMqtt connect(SSLSocket socket) {
        RawMqtt client = RawMqtt.over(socket, 4)
                .send(ConnectPacket.of(4, "c" + socket.getLocalPort()).bytes());
        assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        return client;
    }

    private X509Certificate shown() {
        try (SSLSocket socket = open(ours)) {
            connect(socket);
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void newConnections_getTheNewCertificate_andTheOthersStay() throws Exception {
        try (SSLSocket before = open(ours)) {
            RawMqtt client = connect(before);
            assertThat(shown()).isEqualTo(first.getCertificate());
            X509Bundle second = ours.server("second");
            ours.writeServer(directory, second);
            Eventually.isEqual(this::shown, second.getCertificate());
            client.expectNothing();
        }
    }

    @Test
    void filesThatDoNotFit_keepTheOnesBefore_andAreReportedOnce() throws Exception {
        try (LogLines log = LogLines.capture()) {
            X509Bundle second = ours.server("second");
            TestCertificates.write(directory, "server.key", second.getPrivateKeyPEM());
            Eventually.isTrue(() -> !log.ours().isEmpty());
            assertThat(shown()).isEqualTo(first.getCertificate());
            TestCertificates.write(directory, "server.pem", second.getCertificatePEM());
            Eventually.isEqual(this::shown, second.getCertificate());
            log.expectOne("Certificate not reloaded, the one before stays in use; put files that fit together");
            log.expectOne("keyfile " + directory.resolve("server.key")
                    + ": found a key that does not belong to the certificate in certfile");
        }
    }

    @Test
    void filesThatAreGone_keepTheOnesBefore() throws Exception {
        try (LogLines log = LogLines.capture()) {
            Files.delete(directory.resolve("server.pem"));
            Eventually.isTrue(() -> !log.ours().isEmpty());
            assertThat(shown()).isEqualTo(first.getCertificate());
            log.expectOne("no such file");
        }
    }

    @Test
    void anotherAuthorityOfClients_letsInItsClientsAndNoOthers() throws Exception {
        try (SSLSocket before = open(ours)) {
            RawMqtt client = connect(before);
            assertThatThrownBy(() -> connect(open(next)).close()).isNotNull();
            TestCertificates.write(directory, "ca.pem", next.authority().getCertificatePEM());
            Eventually.asserted(() -> {
                try (SSLSocket socket = open(next)) {
                    connect(socket);
                } catch (IOException | UncheckedIOException failure) {
                    throw new AssertionError(failure);
                }
            });
            assertThatThrownBy(() -> connect(open(ours)).close()).isNotNull();
            client.expectNothing();
        }
    }
}
