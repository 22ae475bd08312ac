package io.redshank.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.testkit.ScramClient;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsersTest {
    @Test
    void namesThatArePreparedAlike_areOneUser() {
        List<User> twice = List.of(user("IX", "a", 4096), user("\u2168", "b", 4096));
        assertThatThrownBy(() -> Users.of(twice)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Users.isSame("IX", "I\u00ADX")).isTrue();
        assertThat(Users.isSame("IX", "ix")).isFalse();
    }

    @Test
    void standIn_hasTheFormOfARealSecret() {
        Users users = Users.of(List.of(user("a", "x".repeat(70), 5000)));
        ScramSecret standIn = users.standIn("nobody");
        assertThat(standIn.iterations()).isEqualTo(5000);
        assertThat(standIn.salt()).hasSize(70);
        assertThat(standIn.text()).isEqualTo(users.standIn("nobody").text());
        assertThat(standIn.text()).isNotEqualTo(users.standIn("somebody").text());
        assertThat(ScramSecret.parse(standIn.text())).isPresent();
    }

    /** All nodes of a cluster have it alike, and nobody without the users' secrets can tell it. */
    @Test
    void standIn_comesFromTheUsersSecrets() {
        Users users = Users.of(List.of(user("a", "salt", 4096)));
        assertThat(Users.of(List.of(user("a", "salt", 4096))).standIn("n").text())
                .isEqualTo(users.standIn("n").text());
        assertThat(Users.of(List.of(user("a", "tlas", 4096))).standIn("n").text())
                .isNotEqualTo(users.standIn("n").text());
    }

    @Test
    void nobodyAtAll_hasAStandInToo() {
        ScramSecret standIn = Users.none().standIn("n");
        assertThat(standIn.iterations()).isEqualTo(4096);
        assertThat(standIn.isOf("x".getBytes(UTF_8))).isFalse();
        assertThat(Users.none().count()).isZero();
    }

    private static User user(String name, String salt, int iterations) {
        return new User(
                name,
                ScramSecret.parse(ScramClient.secret("password", salt, iterations))
                        .orElseThrow());
    }
}
