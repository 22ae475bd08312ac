package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.auth.RefusedLoginException.Reason;
import io.redshank.model.Payload;
import io.redshank.testkit.ScramClient;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordsTest {
    private static final int MOST_WAITING = 3;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final AtomicReference<Users> users =
            new AtomicReference<>(Users.of(List.of(user("alice", "a"), user("IX", "nine"))));
    private final Passwords passwords = new Passwords(loop, users::get, MOST_WAITING);

    private static User user(String name, String password) {
        return user(name, password, 4096);
    }

    private static User user(String name, String password, int iterations) {
        return new User(
                name,
                ScramSecret.parse(ScramClient.secret(password, "salt", iterations))
                        .orElseThrow());
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"alice, a, alice", "IX, nine, IX", "\u2168, nine, IX", "\u2168, \uFF4E\uFF49ne, IX"})
    void rightPassword_isThatOfTheUser(String name, String password, String user) throws Exception {
        assertThat(check(name, password).await(5, SECONDS)).isEqualTo(user);
    }

    @ParameterizedTest
    @CsvSource(value = {"alice, b", "alice, A", "alice, nine", "alice, ''", "bob, a", "'', a", "ALICE, a"})
    void anotherPassword_isRefused(String name, String password) throws Exception {
        assertThat(reasonOf(check(name, password))).isEqualTo(Reason.WRONG_PASSWORD);
    }

    @Test
    void nameLongerThanAny_isNobodys() throws Exception {
        assertThat(reasonOf(check("x".repeat(60_000), "a"))).isEqualTo(Reason.WRONG_PASSWORD);
    }

    @Test
    void passwordsBeyondTheBound_areNotChecked() throws Exception {
        users.set(Users.of(List.of(user("alice", "a", 500_000)))); // none is checked before the last has come
        List<Future<String>> all = onLoop(() -> {
            List<Future<String>> checks = new ArrayList<>();
            for (int i = 0; i <= MOST_WAITING; i++) {
                checks.add(passwords.check("alice", Payload.of("a".getBytes(UTF_8))));
            }
            return checks;
        });
        assertThat(reasonOf(all.get(MOST_WAITING))).isEqualTo(Reason.BUSY);
        for (Future<String> check : all.subList(0, MOST_WAITING)) {
            assertThat(check.await(5, SECONDS)).isEqualTo("alice");
        }
        assertThat(check("alice", "a").await(5, SECONDS)).isEqualTo("alice");
    }

    @Test
    void usersOfTheMoment_count() throws Exception {
        users.set(Users.of(List.of(user("bob", "b"))));
        assertThat(reasonOf(check("alice", "a"))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(check("bob", "b").await(5, SECONDS)).isEqualTo("bob");
        users.set(Users.none());
        assertThat(reasonOf(check("bob", "b"))).isEqualTo(Reason.WRONG_PASSWORD);
    }

    private Future<String> check(String name, String password) throws Exception {
        return onLoop(() -> passwords.check(name, Payload.of(password.getBytes(UTF_8))));
    }

    private <T> T onLoop(Supplier<T> work) throws Exception {
        return Future.<T>future(promise -> loop.runOnContext(turn -> promise.complete(work.get())))
                .await(5, SECONDS);
    }

    private static Reason reasonOf(Future<String> check) throws Exception {
        return check.<Reason>map(user -> {
                    throw new AssertionError(user + " is let in");
                })
                .recover(failure -> failure instanceof RefusedLoginException refused
                        ? Future.succeededFuture(refused.reason())
                        : Future.failedFuture(failure))
                .await(5, SECONDS);
    }
}
