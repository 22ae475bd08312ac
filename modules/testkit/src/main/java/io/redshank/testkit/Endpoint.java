package io.redshank.testkit;

import io.netty.pkitesting.X509Bundle;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where a broker on this machine listens, and how it is spoken to.
 *
 * @param path the path of a WebSocket, with a query if one is wanted
 * @param trust whom the client trusts; null without TLS
 * @param identity the client's certificate, if it has one
 */
public record Endpoint(
        Scheme scheme,
        int port,
        String path,
        @Nullable TrustManagerFactory trust,
        @Nullable X509Bundle identity) {
    private static final String HOST = "127.0.0.1";

    /** What is spoken below MQTT. */
    public enum Scheme {
        TCP,
        TLS,
        WS,
        WSS;

        /** Whether it is WebSocket. */
        public boolean isWebSocket() {
            return this == WS || this == WSS;
        }

        /** Whether it is encrypted. */
        public boolean isTls() {
            return this == TLS || this == WSS;
        }
    }

    /** Plain TCP. */
    public static Endpoint tcp(int port) {
        return new Endpoint(Scheme.TCP, port, "", null, null);
    }

    /** Spoken in one of the four ways, at the usual path of a WebSocket; with TLS only the authority of these is trusted. */
    public static Endpoint of(Scheme scheme, int port, TestCertificates certificates) {
        return new Endpoint(
                scheme, port, "/mqtt", scheme.isTls() ? certificates.authority().toTrustManagerFactory() : null, null);
    }

    /** The same, with a certificate of the client. */
    public Endpoint showing(X509Bundle certificate) {
        return new Endpoint(scheme, port, path, trust, certificate);
    }

    /** The same at another path. */
    public Endpoint at(String otherPath) {
        return new Endpoint(scheme, port, otherPath, trust, identity);
    }

    /** The address as the Paho clients write it. */
    String pahoUri() {
        String begin = scheme == Scheme.TLS ? "ssl" : scheme.name().toLowerCase(Locale.ROOT);
        return begin + "://" + HOST + ":" + port + (scheme.isWebSocket() ? path : "");
    }

    /** What TLS connections of a client are made with. */
    public SSLContext sslContext() {
        try {
            KeyManager @Nullable [] keys = identity == null ? null : new KeyManager[] {new InsistentClient(identity)};
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust == null ? null : trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }
}
