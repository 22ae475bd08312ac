package io.redshank.broker;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.broker.UnusableTlsException.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The files of a listener's TLS, and what is made of them. Reads files: not for an event loop that serves. */
public final class TlsFiles {
    private final TlsOptions options;

    /** The files that these options name. */
    public TlsFiles(TlsOptions options) {
        this.options = options;
    }

    /** Reads all of them, and finds what is wrong with them if anything is. */
    public void check() throws UnusableTlsException {
        SslContext checked = read().context();
        assert checked.isServer();
    }

    /** What the files say at one time. */
    record Contents(SslContext context, X509Certificate certificate) {}

    /** What tells one state of the files from another; equal to another one while nothing has been replaced. */
    List<String> state() {
        return Stream.of(options.certificate(), options.key(), options.authorities())
                .filter(Objects::nonNull)
                .map(TlsFiles::state)
                .toList();
    }

    Contents read() throws UnusableTlsException {
        List<X509Certificate> chain = new PemFile(Part.CERTFILE, options.certificate()).certificates();
        PrivateKey key = new PemFile(Part.KEYFILE, options.key()).keyOf(chain.get(0));
        Path authorities = options.authorities();
        @Nullable
        List<X509Certificate> trusted =
                authorities == null ? null : new PemFile(Part.CAFILE, authorities).certificates();
        try {
            SslContextBuilder builder = SslContextBuilder.forServer(key, chain)
                    .sslProvider(SslProvider.JDK)
                    .protocols(options.versions())
                    .clientAuth(clientAuth(options.clients()));
            if (trusted != null) {
                builder = builder.trustManager(trusted);
            }
            return new Contents(builder.build(), chain.get(0));
        } catch (SSLException | IllegalArgumentException unusable) {
            throw new UnusableTlsException(
                    Part.CERTFILE,
                    options.certificate(),
                    "a certificate that TLS cannot use (" + unusable.getMessage() + ")",
                    "a certificate for servers");
        }
    }

    private static ClientAuth clientAuth(ClientCertificates clients) {
        return switch (clients) {
            case NONE -> ClientAuth.NONE;
            case REQUESTED -> ClientAuth.OPTIONAL;
            case REQUIRED, REQUIRED_AS_USERNAME -> ClientAuth.REQUIRE;
        };
    }

    private static String state(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException absent) {
            return "absent";
        }
    }
}
