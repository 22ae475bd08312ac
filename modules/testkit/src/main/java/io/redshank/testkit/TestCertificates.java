package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;

/** An authority that was made for a test, with certificates of servers and clients by it. Nothing of it outlives the test. */
public final class TestCertificates {
    private final X509Bundle authority;

    private TestCertificates(X509Bundle authority) {
        this.authority = authority;
    }

    /** A new authority. */
    public static TestCertificates create(String name) {
        try {
            return new TestCertificates(valid(new CertificateBuilder())
                    .subject("CN=" + name)
                    .ecp256()
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned());
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    /** The certificate that signs the others. */
    public X509Bundle authority() {
        return authority;
    }

    /** A certificate of a server on this machine. */
    public X509Bundle server(String commonName) {
        return issue(builder -> builder.subject("CN=" + commonName)
                .addSanIpAddress("127.0.0.1")
                .addSanDnsName("localhost")
                .addExtendedKeyUsageServerAuth());
    }

    /** A certificate of a client. */
    public X509Bundle client(String subject) {
        return issue(builder -> builder.subject(subject).addExtendedKeyUsageClientAuth());
    }

    /** A certificate of a client that was valid until a day ago. */
    public X509Bundle expiredClient(String subject) {
        Instant now = Instant.now();
        return issue(builder -> builder.subject(subject)
                .addExtendedKeyUsageClientAuth()
                .notBefore(now.minus(9, ChronoUnit.DAYS))
                .notAfter(now.minus(1, ChronoUnit.DAYS)));
    }

    /** A certificate with anything a test wants. */
    public X509Bundle issue(UnaryOperator<CertificateBuilder> wishes) {
        try {
            return wishes.apply(valid(new CertificateBuilder()).ecp256()).buildIssuedBy(authority);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static CertificateBuilder valid(CertificateBuilder builder) {
        Instant now = Instant.now();
        return builder.notBefore(now.minus(1, ChronoUnit.DAYS)).notAfter(now.plus(9, ChronoUnit.DAYS));
    }

    /** Writes a text to a file of a directory in one step, as a renewal of certificates does it. */
    @CanIgnoreReturnValue
    public static Path write(Path directory, String name, String text) {
        try {
            Path next = Files.writeString(directory.resolve(name + ".next"), text);
            return Files.move(next, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Writes {@code server.pem}, {@code server.key} and {@code ca.pem}, of this authority. */
    public void writeServer(Path directory, X509Bundle server) {
        write(directory, "ca.pem", authority.getCertificatePEM());
        write(directory, "server.pem", server.getCertificatePathPEM());
        write(directory, "server.key", server.getPrivateKeyPEM());
    }
}
