package io.redshank.broker;

import io.redshank.broker.TlsOptions.ClientCertificates;
import io.redshank.testkit.Endpoint.Scheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What listeners of tests are spoken to over. */
final class Transports {
    static final WebSocketOptions WEB_SOCKET = new WebSocketOptions("/mqtt", Set.of(WebSocketOptions.ANY));
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

    private Transports() {}

    static Transport of(Scheme scheme, Path certificates) {
        return new Transport(
                false,
                scheme.isTls() ? tls(certificates, ClientCertificates.NONE) : null,
                scheme.isWebSocket() ? WEB_SOCKET : null);
    }

    /** With the certificates that are in this directory, which are looked at every tenth of a second. */
    static TlsOptions tls(Path certificates, ClientCertificates clients, String... versions) {
        return new TlsOptions(
                certificates.resolve("server.pem"),
                certificates.resolve("server.key"),
                clients == ClientCertificates.NONE ? null : certificates.resolve("ca.pem"),
                clients,
                versions.length == 0 ? VERSIONS : List.of(versions),
                Duration.ofMillis(100));
    }

    static Transport tlsOnly(TlsOptions tls) {
        return new Transport(false, tls, null);
    }

    static Transport webSocket(WebSocketOptions webSocket) {
        return new Transport(false, null, webSocket);
    }
}
