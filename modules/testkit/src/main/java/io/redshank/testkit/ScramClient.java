package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of SCRAM-SHA-256, written after RFC 5802 and 7677 with nothing but the JDK. Says what a test wants of it, then
 * speaks. Names and passwords are taken as they are.
 */
public final class ScramClient {
    /** The name of the mechanism. */
    public static final String METHOD = "SCRAM-SHA-256";

    private static final Pattern SERVER_FIRST = Pattern.compile("r=([^,]+),s=([^,]+),i=(\\d+)");

    private final String user;
    private final String password;
    private String header = "n,,";
    private String nonce = UUID.randomUUID().toString();
    private String extensions = "";
    private String serverSignature = "";

    /** Somebody with a password. */
    public ScramClient(String user, String password) {
        this.user = user;
        this.password = password;
    }

    /** With this GS2 header instead of {@code n,,}. */
    @CanIgnoreReturnValue
    public ScramClient header(String gs2) {
        header = gs2;
        return this;
    }

    /** With this nonce instead of a fresh one. */
    @CanIgnoreReturnValue
    public ScramClient nonce(String text) {
        nonce = text;
        return this;
    }

    /** With this behind its first message. */
    @CanIgnoreReturnValue
    public ScramClient extensions(String text) {
        extensions = text;
        return this;
    }

    /** The client-first message. */
    public String first() {
        return header + bare();
    }

    private String bare() {
        return "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r=" + nonce + extensions;
    }

    /** The client-final message, in answer to the server-first one. */
    public String last(String serverFirst) {
        Matcher given = SERVER_FIRST.matcher(serverFirst);
        if (!given.matches() || !given.group(1).startsWith(nonce)) {
            throw new AssertionError("no server-first message of this client: " + serverFirst);
        }
        byte[] salted = salted(password, Base64.getDecoder().decode(given.group(2)), Integer.parseInt(given.group(3)));
        String withoutProof = "c=" + base64(header.getBytes(UTF_8)) + ",r=" + given.group(1);
        String authMessage = bare() + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = hmac(salted, "Client Key");
        byte[] proof = hmac(hash(clientKey), authMessage);
        for (int i = 0; i < proof.length; i++) {
            proof[i] ^= clientKey[i];
        }
        serverSignature = base64(hmac(hmac(salted, "Server Key"), authMessage));
        return withoutProof + ",p=" + base64(proof);
    }

    /** Whether the server-final message shows that the server knows the password, too. */
    public boolean trusts(String serverFinal) {
        return serverFinal.equals("v=" + serverSignature);
    }

    /** What a server keeps of a password, as PostgreSQL writes it. */
    public static String secret(String password, String salt, int iterations) {
        byte[] salted = salted(password, salt.getBytes(UTF_8), iterations);
        return "SCRAM-SHA-256$" + iterations + ":" + base64(salt.getBytes(UTF_8)) + "$"
                + base64(hash(hmac(salted, "Client Key"))) + ":" + base64(hmac(salted, "Server Key"));
    }

    private static byte[] salted(String password, byte[] salt, int iterations) {
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(password.toCharArray(), salt, iterations, 256))
                    .getEncoded();
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
