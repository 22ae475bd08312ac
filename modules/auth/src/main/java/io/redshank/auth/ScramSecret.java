package io.redshank.auth;

import static com.ongres.scram.common.ScramMechanism.SCRAM_SHA_256;

import com.ongres.scram.common.ScramFunctions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 and 7677): enough to check the password and a client's proof of
 * it, and not enough to log in with. Its text is PostgreSQL's: {@code SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey}.
 */
public final class ScramSecret {
    /** RFC 7677, section 4. */
    public static final int LEAST_ITERATIONS = 4096;
    /** More would keep a thread busy for seconds at each plain password. */
    public static final int MOST_ITERATIONS = 1_000_000;

    static final int SALT_BYTES = 16;
    static final int KEY_BYTES = 32;
    private static final int MOST_SALT_BYTES = 1024;
    private static final Pattern TEXT =
            Pattern.compile("SCRAM-SHA-256\\$(\\d{1,7}):([^$:]{1,2048})\\$([^$:]{44}):([^$:]{44})");
    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    ScramSecret(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    /** The secret of a text; absent if it is none that can be used. */
    public static Optional<ScramSecret> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int iterations = Integer.parseInt(matcher.group(1));
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            byte[] salt = base64.decode(matcher.group(2));
            byte[] storedKey = base64.decode(matcher.group(3));
            byte[] serverKey = base64.decode(matcher.group(4));
            boolean usable = iterations >= LEAST_ITERATIONS
                    && iterations <= MOST_ITERATIONS
                    && salt.length > 0
                    && salt.length <= MOST_SALT_BYTES
                    && storedKey.length == KEY_BYTES
                    && serverKey.length == KEY_BYTES;
            return usable ? Optional.of(new ScramSecret(iterations, salt, storedKey, serverKey)) : Optional.empty();
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    /** The secret of a password, which has at least one byte, with a new salt. Takes its time: not for an event loop. */
    public static ScramSecret of(byte[] password, int iterations) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return of(password, salt, iterations);
    }

    static ScramSecret of(byte[] password, byte[] salt, int iterations) {
        byte[] salted = salted(Prepared.bytes(password), salt, iterations);
        byte[] storedKey = ScramFunctions.storedKey(SCRAM_SHA_256, ScramFunctions.clientKey(SCRAM_SHA_256, salted));
        return new ScramSecret(iterations, salt, storedKey, ScramFunctions.serverKey(SCRAM_SHA_256, salted));
    }

    /** Hi() of RFC 5802, which is PBKDF2. The JDK's own takes characters only, and passwords of MQTT are bytes. */
    private static byte[] salted(byte[] password, byte[] salt, int iterations) {
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(password, "HmacSHA256"));
            hmac.update(salt);
            byte[] block = hmac.doFinal(FIRST_BLOCK);
            byte[] result = block.clone();
            for (int i = 1; i < iterations; i++) {
                block = hmac.doFinal(block);
                xor(result, block);
            }
            return result;
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** Whether this is the secret of the password. Takes its time: not for an event loop. */
    boolean isOf(byte[] password) {
        return MessageDigest.isEqual(storedKey, of(password, salt, iterations).storedKey);
    }

    /** Whether a client's proof shows that it knows the password. */
    boolean isProvedBy(byte[] proof, String authMessage) {
        byte[] clientKey = ScramFunctions.clientSignature(SCRAM_SHA_256, storedKey, authMessage);
        xor(clientKey, proof);
        return MessageDigest.isEqual(storedKey, ScramFunctions.storedKey(SCRAM_SHA_256, clientKey));
    }

    /** What shows to the client that the server knows the secret. */
    byte[] signatureOf(String authMessage) {
        return ScramFunctions.serverSignature(SCRAM_SHA_256, serverKey, authMessage);
    }

    int iterations() {
        return iterations;
    }

    byte[] salt() {
        return salt.clone();
    }

    byte[] serverKey() {
        return serverKey.clone();
    }

    /** The form in which it is configured. */
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return "SCRAM-SHA-256$" + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    /** Not the secret. */
    @Override
    public String toString() {
        return "SCRAM-SHA-256 with " + iterations + " iterations";
    }

    private static void xor(byte[] into, byte[] with) {
        for (int i = 0; i < into.length; i++) {
            into[i] ^= with[i];
        }
    }
}
