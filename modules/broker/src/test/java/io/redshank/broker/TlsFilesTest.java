package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.broker.UnusableTlsException.Part;
import io.redshank.testkit.TestCertificates;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which PEM files a listener can use, and what is said of the others. */
class TlsFilesTest {
    private static final TestCertificates ours = TestCertificates.create("ours");
    private static final X509Bundle server = ours.server("server");

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void write() {
        ours.writeServer(directory, server);
    }

    private TlsFiles files() {
        return new TlsFiles(Transports.tls(directory, ClientCertificates.REQUIRED));
    }

    @ParameterizedTest
    @EnumSource(
            value = CertificateBuilder.Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "rsa3072", "ed25519"})
    void keys_ofTheUsualKinds_areRead(CertificateBuilder.Algorithm algorithm) {
        X509Bundle bundle = ours.issue(builder -> builder.subject("CN=k").algorithm(algorithm));
        ours.writeServer(directory, bundle);
        assertThatCode(() -> files().check()).doesNotThrowAnyException();
    }

    /** As OpenSSL wrote them before version 3: the same key without the frame that names its algorithm. */
    @ParameterizedTest
    @CsvSource({"ecp256,EC", "rsa2048,RSA", "rsa4096,RSA"})
    void keys_inTheOlderForms_areRead(CertificateBuilder.Algorithm algorithm, String kind) {
        X509Bundle bundle = ours.issue(builder -> builder.subject("CN=k").algorithm(algorithm));
        ours.writeServer(directory, bundle);
        TestCertificates.write(
                directory,
                "server.key",
                "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                        + pem(kind + " PRIVATE KEY", bare(bundle.getKeyPair().getPrivate())));
        assertThatCode(() -> files().check()).doesNotThrowAnyException();
    }

    /** PKCS #8 is a version, an algorithm, and the bare key in an octet string, which is the last part. */
    private static byte[] bare(PrivateKey key) {
        byte[] encoded = key.getEncoded();
        int outer = encoded[1] < 0 ? 2 + (encoded[1] & 0x7F) : 2;
        int algorithm = outer + 3;
        int octets = algorithm + 2 + encoded[algorithm + 1];
        int header = encoded[octets + 1] < 0 ? 2 + (encoded[octets + 1] & 0x7F) : 2;
        return Arrays.copyOfRange(encoded, octets + header, encoded.length);
    }

    private static String pem(String label, byte[] bytes) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label
                + "-----\n";
    }

    @ParameterizedTest
    @CsvSource({
        "server.pem,empty,CERTFILE,a file without a certificate",
        "server.pem,key,CERTFILE,a file without a certificate",
        "server.pem,broken,CERTFILE,a certificate that cannot be decoded",
        "server.key,empty,KEYFILE,a file without a private key",
        "server.key,certificate,KEYFILE,a file without a private key",
        "server.key,other key,KEYFILE,a key that does not belong to the certificate in certfile",
        "server.key,encrypted,KEYFILE,a key with a passphrase",
        "ca.pem,empty,CAFILE,a file without a certificate",
        "ca.pem,broken,CAFILE,a certificate that cannot be decoded"
    })
    void otherFiles_areRefusedWithTheirFault(String file, String content, Part part, String fault) {
        String text = switch (content) {
            case "empty" -> "";
            case "key" -> server.getPrivateKeyPEM();
            case "certificate" -> server.getCertificatePEM();
            case "other key" -> ours.server("other").getPrivateKeyPEM();
            case "encrypted" -> pem("ENCRYPTED PRIVATE KEY", new byte[] {1, 2, 3});
            default -> pem("CERTIFICATE", new byte[] {1, 2, 3});
        };
        TestCertificates.write(directory, file, text);
        UnusableTlsException unusable = catchThrowableOfType(UnusableTlsException.class, () -> files().check());
        assertThat(unusable.part()).isEqualTo(part);
        assertThat(unusable.found()).isEqualTo(directory.resolve(file) + ": " + fault);
        assertThat(unusable.allowed()).isNotBlank();
    }

    @Test
    void state_changesWithAnyOfTheFiles() {
        Object before = files().state();
        assertThat(files().state()).isEqualTo(before);
        TestCertificates.write(directory, "ca.pem", ours.authority().getCertificatePEM());
        assertThat(files().state()).isNotEqualTo(before);
    }
}
