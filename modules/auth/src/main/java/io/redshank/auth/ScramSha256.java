package io.redshank.auth;

import com.ongres.scram.common.ScramFunctions;
import java.security.SecureRandom;
import java.util.function.Supplier;

/** SCRAM-SHA-256 (RFC 5802 and 7677), without channel binding. Safe for all threads. */
public final class ScramSha256 implements Mechanism {
    private static final String NAME = "SCRAM-SHA-256";
    private static final int NONCE_CHARACTERS = 24;

    private final Supplier<Users> users;
    private final Supplier<String> nonces;

    /** For those who are users when they begin. */
    public ScramSha256(Supplier<Users> users) {
        SecureRandom random = new SecureRandom();
        this.users = users;
        this.nonces = () -> ScramFunctions.nonce(NONCE_CHARACTERS, random);
    }

    /** With nonces of a test's choice. */
    ScramSha256(Supplier<Users> users, Supplier<String> nonces) {
        this.users = users;
        this.nonces = nonces;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Exchange begin() {
        return new ScramExchange(users.get(), nonces.get());
    }
}
