package io.redshank.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ScramClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginConfigTest {
    private static final String SECRET = ScramClient.secret("pw", "salt", 4096);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void listenerOffLoopback_needsUsersOrLeave() throws Exception {
        assertThat(Configuration.problemsIn(mqtt())).singleElement().asString().contains("with users or");
        Configuration served = Configuration.of(mqtt("users", users("alice")));
        assertThat(served.mqtt().login().isChecked()).isTrue();
        ListenerConfig listener = served.mqtt().listeners().get(0);
        assertThat(served.mqtt().anonymous().isAt(listener)).isFalse();
        assertThat(Configuration.of(mqtt("users", users("alice"), "allow_anonymous", true))
                        .mqtt()
                        .anonymous()
                        .isAt(listener))
                .isTrue();
        assertThat(Configuration.of(mqtt("users", users("alice"), "allow_anonymous", false))
                        .mqtt()
                        .anonymous())
                .isEqualTo(AnonymousAccess.NOWHERE);
    }

    @Test
    void usersOfFile_areReadAgain() throws Exception {
        Path file =
                Files.writeString(directory.resolve("users.json"), users("bob").encode());
        LoginConfig login = Configuration.of(mqtt("users", users("alice"), "users_file", file.toString()))
                .mqtt()
                .login();
        assertThat(login.users().count()).isEqualTo(2);
        Files.writeString(file, users("bob", "carol").encode());
        assertThat(login.readAgain().users().count()).isEqualTo(3);
        Files.writeString(file, "[]");
        assertThat(login.readAgain().users().count()).isEqualTo(1);
    }

    @Test
    void emptyFile_stillMeansThatNamesAreChecked() throws Exception {
        Path file = Files.writeString(directory.resolve("users.json"), "[]");
        assertThat(Configuration.of(mqtt("users_file", file.toString()))
                        .mqtt()
                        .login()
                        .isChecked())
                .isTrue();
    }

    @Test
    void wrongUser_isSaidWithoutItsSecret() throws Exception {
        JsonArray wrong = new JsonArray()
                .add(new JsonObject().put("username", "a").put("scram_sha_256", "s3cret"))
                .add(new JsonObject().put("username", "").put("scram_sha_256", SECRET))
                .add(new JsonObject()
                        .put("username", "b")
                        .put("scram_sha_256", SECRET)
                        .put("password", "s3cret"))
                .add(new JsonObject().put("username", "b").put("scram_sha_256", 7));
        Path file = Files.writeString(directory.resolve("users.json"), wrong.encode());
        List<String> lines = Configuration.problemsIn(mqtt("users_file", file.toString()));
        assertThat(lines).noneMatch(line -> line.contains("s3cret"));
        assertThat(lines).anyMatch(line -> line.startsWith(file + "[0].scram_sha_256: found another text"));
        assertThat(lines).anyMatch(line -> line.startsWith(file + "[1].username: found \"\""));
        assertThat(lines).anyMatch(line -> line.startsWith(file + "[2].password: found an unknown key"));
        assertThat(lines).anyMatch(line -> line.startsWith(file + "[3].username: found \"b\" again"));
    }

    @Test
    void brokenFile_isSaid() throws Exception {
        Path file = Files.writeString(directory.resolve("users.json"), "{ s3cret");
        assertThat(Configuration.problemsIn(mqtt("users_file", file.toString())))
                .singleElement()
                .isEqualTo(file + ": found no JSON array, allowed: a JSON array of users");
    }

    private static JsonArray users(String... names) {
        JsonArray users = new JsonArray();
        for (String name : names) {
            users.add(new JsonObject().put("username", name).put("scram_sha_256", SECRET));
        }
        return users;
    }

    private static JsonObject mqtt(Object... settings) {
        JsonObject mqtt =
                new JsonObject().put("listeners", new JsonArray().add(new JsonObject().put("host", "0.0.0.0")));
        for (int i = 0; i < settings.length; i += 2) {
            mqtt.put((String) settings[i], settings[i + 1]);
        }
        return new JsonObject().put("mqtt", mqtt);
    }
}
