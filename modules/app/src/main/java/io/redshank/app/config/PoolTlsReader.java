package io.redshank.app.config;

import io.redshank.redis.RedisTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how a pool's connections are encrypted, and looks into the files. */
final class PoolTlsReader {
    private static final String CERTIFICATES = "a PEM file with certificates";
    private static final String KEY = "a PEM file with a private key that has no passphrase, beside a certfile";
    private static final Pattern PRIVATE_KEY = Pattern.compile("-----BEGIN (RSA |EC )?PRIVATE KEY-----");

    private PoolTlsReader() {}

    /** Null without TLS; then files may be named all the same, as the original had them in its configuration. */
    static @Nullable RedisTls tls(Section pool, PoolServer server) {
        boolean encrypted = pool.flag("ssl", false);
        boolean verifiesHost = pool.flag("verify_hostname", true);
        if (!encrypted) {
            pool.checkText("cafile");
            pool.checkText("certfile");
            pool.checkText("keyfile");
            return null;
        }
        if (server instanceof PoolServer.Embedded) {
            pool.refuse("ssl", "false beside an embedded server, which only this machine reaches");
        }
        Path authorities = file(pool, "cafile", CERTIFICATES);
        Path certificate = file(pool, "certfile", CERTIFICATES);
        Path key = file(pool, "keyfile", KEY);
        check(pool, authorities, certificate, key);
        return new RedisTls(authorities, certificate, key, verifiesHost);
    }

    private static void check(
            Section pool, @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
        if (authorities != null && !hasCertificates(authorities)) {
            pool.refuse("cafile", CERTIFICATES);
        }
        if (certificate != null && !hasCertificates(certificate)) {
            pool.refuse("certfile", CERTIFICATES);
        }
        if (key == null ? certificate != null : certificate == null || !hasKey(key)) {
            pool.refuse("keyfile", KEY);
        }
    }

    private static @Nullable Path file(Section pool, String key, String allowed) {
        try {
            return pool.optionalText(key).map(Path::of).orElse(null);
        } catch (InvalidPathException impossible) {
            pool.refuse(key, allowed);
            return null;
        }
    }

    private static boolean hasCertificates(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .isEmpty();
        } catch (IOException | CertificateException unreadable) {
            return false;
        }
    }

    private static boolean hasKey(Path file) {
        try {
            return PRIVATE_KEY
                    .matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .find();
        } catch (IOException unreadable) {
            return false;
        }
    }
}
