package io.redshank.broker;

import io.redshank.auth.LoginOptions;
import io.redshank.auth.Mechanism;
import io.redshank.auth.ScramSecret;
import io.redshank.auth.ScramSha256;
import io.redshank.auth.User;
import io.redshank.auth.Users;
import io.redshank.testkit.ScramClient;
import java.util.List;
import java.util.stream.Stream;

/** Who may log in where tests check that: alice, bob, and one whose password is bytes. */
final class TestUsers {
    static final String ALICE = "alice";
    static final String PASSWORD = "wonderland";
    static final String BOB = "bob";
    /** What "bytes" has as a password: no UTF-8. */
    static final byte[] BYTES = {(byte) 0xFF, (byte) 0xFE, 0, 's', 'e', 'c', 'r', 'e', 't'};

    private static final String SECRET_OF_BYTES = "SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA=="
            + "$/KHIpMRcgGdkTB6PEyHAd4bqfuyE7HdY6HLX+GWsApM=:OQgBB3kZgSbFBpEAibXc2bY2CMSlEz2EoI3XgtGEi2w=";
    private static final Users USERS = Users.of(List.of(
            user(ALICE, ScramClient.secret(PASSWORD, "salt of alice", 4096)),
            user(BOB, ScramClient.secret("builder", "salt of bob", 4096)),
            user("bytes", SECRET_OF_BYTES)));

    private TestUsers() {}

    private static User user(String name, String secret) {
        return new User(name, ScramSecret.parse(secret).orElseThrow());
    }

    /** As a node with users has it. */
    static LoginOptions logins() {
        return LoginOptions.of(() -> USERS);
    }

    /** With a bound of its own on waiting passwords, and more mechanisms. */
    static LoginOptions logins(int mostWaiting, Mechanism... more) {
        List<Mechanism> mechanisms = Stream.concat(Stream.of(new ScramSha256(() -> USERS)), Stream.of(more))
                .toList();
        return new LoginOptions(true, () -> USERS, mechanisms, mostWaiting);
    }
}
