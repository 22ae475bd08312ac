package io.redshank.broker;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a private key and a public one are of one pair. */
final class KeyPairs {
    private static final byte[] SAMPLE = {1, 2, 3, 4};
    private static final Map<String, String> SIGNATURES = Map.of(
            "RSA", "SHA256withRSA",
            "EC", "SHA256withECDSA",
            "EdDSA", "EdDSA",
            "Ed25519", "Ed25519",
            "Ed448", "Ed448");

    private KeyPairs() {}

    /** Found out by a signature; keys of an algorithm that is not known here are taken to belong together. */
    static boolean belongTogether(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        @Nullable String algorithm = SIGNATURES.get(other.getAlgorithm());
        if (algorithm == null) {
            return true;
        }
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(SAMPLE);
        return signature.verify(signed);
    }
}
