package io.redshank.cluster.join;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from a cluster's secret, so that nothing that is derived tells of anything else. Slow on purpose: whoever speaks
 * with a member sees enough to try secrets out at home.
 */
final class ClusterKeys {
    private static final int ROUNDS = 200_000;
    private static final int BITS = 256;
    /** Shorter than any secret may be. */
    private static final String NO_SECRET = "none";

    private final byte[] master;

    private ClusterKeys(byte[] master) {
        this.master = master;
    }

    /** Of a cluster without a secret, which keeps mistakes out but nobody else, when it is null. */
    static ClusterKeys of(@Nullable String secret, String cluster) {
        char[] password = (secret == null ? NO_SECRET : secret).toCharArray();
        byte[] salt = ("redshank cluster " + cluster).getBytes(StandardCharsets.UTF_8);
        try {
            return new ClusterKeys(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password, salt, ROUNDS, BITS))
                    .getEncoded());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("each JDK has this", impossible);
        }
    }

    /** For what is proved between two members of Hazelcast. */
    byte[] ofMembers() {
        return derived("members");
    }

    /** For the authority that signs the certificates of the event bus. */
    byte[] ofBus() {
        return derived("bus");
    }

    private byte[] derived(String purpose) {
        return mac("HmacSHA512", master, purpose.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] mac(String algorithm, byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("each JDK has this", impossible);
        }
    }
}
