package io.redshank.cluster.join;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;

/**
 * TLS on the event bus for those who know the secret: it yields the key of an authority, which is thus the same on all nodes and never
 * on any disk. It signs a certificate for the key that a node makes when it starts, and nobody else is trusted, on either side.
 */
final class BusCertificates {
    private static final String AUTHORITY = "Redshank cluster";
    private static final String NODE = "Redshank node";
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(2);
    private static final Duration LONGEST_RUN = Duration.ofDays(20 * 365);
    private static final int SERIAL_BITS = 64;
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final byte[] ALGORITHM_IDENTIFIER =
            Der.sequence(Der.identifier(0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02));
    private static final byte[] COMMON_NAME = Der.identifier(0x55, 0x04, 0x03);
    private static final byte[] BASIC_CONSTRAINTS = Der.identifier(0x55, 0x1D, 0x13);

    private BusCertificates() {}

    /** Has the bus speak with those only who know the secret that these keys are of. */
    static void secure(EventBusOptions bus, ClusterKeys keys) {
        try {
            P256 curve = new P256();
            KeyPair authority = curve.of(keys.ofBus());
            KeyPair own = curve.random();
            byte[] root = certificate(AUTHORITY, authority.getPublic(), authority.getPrivate(), true);
            byte[] leaf = certificate(NODE, own.getPublic(), authority.getPrivate(), false);
            bus.setSsl(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addKeyValue(pem("PRIVATE KEY", own.getPrivate().getEncoded()))
                            .addCertValue(pem("CERTIFICATE", leaf)))
                    .setTrustOptions(new PemTrustOptions().addCertValue(pem("CERTIFICATE", root)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("each JDK has this", impossible);
        }
    }

    private static byte[] certificate(String subject, PublicKey key, PrivateKey authority, boolean mayIssue)
            throws GeneralSecurityException {
        Instant now = Instant.now();
        byte[] claims = Der.sequence(
                Der.numbered(0, Der.integer(BigInteger.TWO)), // version 3
                Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).add(BigInteger.ONE)),
                ALGORITHM_IDENTIFIER,
                name(AUTHORITY),
                Der.sequence(Der.time(now.minus(CLOCKS_DIFFER)), Der.time(now.plus(LONGEST_RUN))),
                name(subject),
                key.getEncoded(),
                mayIssue ? Der.numbered(3, Der.sequence(constraints())) : new byte[0]);
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(authority);
        signature.update(claims);
        return Der.sequence(claims, ALGORITHM_IDENTIFIER, Der.bits(signature.sign()));
    }

    private static byte[] constraints() {
        return Der.sequence(BASIC_CONSTRAINTS, Der.yes(), Der.octets(Der.sequence(Der.yes())));
    }

    private static byte[] name(String text) {
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(text))));
    }

    private static Buffer pem(String what, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Buffer.buffer("-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n");
    }
}
