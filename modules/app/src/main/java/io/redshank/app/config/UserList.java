package io.redshank.app.config;

import io.redshank.auth.ScramSecret;
import io.redshank.auth.User;
import io.redshank.auth.Users;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads lists of users, and says what is wrong with them without showing a secret. */
final class UserList {
    private static final String NAME = "username";
    private static final String SECRET = "scram_sha_256";
    private static final String SECRET_FORM =
            "\"SCRAM-SHA-256$iterations:salt$storedkey:serverkey\" as the command scram-user prints it, with %d to %d iterations"
                    .formatted(ScramSecret.LEAST_ITERATIONS, ScramSecret.MOST_ITERATIONS);

    private final List<User> users;
    private final Problems problems;

    private UserList(List<User> users, Problems problems) {
        this.users = new ArrayList<>(users);
        this.problems = problems;
    }

    /** The users of the array under a key. */
    static List<User> under(String key, Section section) {
        UserList list = new UserList(List.of(), section.problems());
        section.sections(key).forEach(list::add);
        return list.users;
    }

    /** These users and those of a file, which holds an array of them. */
    static List<User> withFile(List<User> users, Path file, Problems problems) {
        UserList list = new UserList(users, problems);
        try {
            JsonObject wrapped = new JsonObject().put(file.toString(), new JsonArray(Files.readString(file)));
            new Section(problems, "", wrapped).sections(file.toString()).forEach(list::add);
        } catch (IOException unreadable) {
            problems.add(file.toString(), "no file of UTF-8 that can be read", "a JSON array of users");
        } catch (DecodeException malformed) { // whose message would show a part of the file
            problems.add(file.toString(), "no JSON array", "a JSON array of users");
        }
        return list.users;
    }

    private void add(Section section) {
        try (section) {
            String name = section.text(NAME, "");
            if (name.isEmpty() || name.length() > Users.LONGEST_NAME) {
                section.refuse(NAME, "a name of 1 to " + Users.LONGEST_NAME + " characters");
            } else if (users.stream().anyMatch(user -> Users.isSame(user.name(), name))) {
                problems.add(section.pathOf(NAME), Problems.shown(name) + " again", "each user once");
            }
            Optional<String> text = section.secret(SECRET);
            Optional<ScramSecret> secret = text.flatMap(ScramSecret::parse);
            if (secret.isEmpty()) {
                problems.add(section.pathOf(SECRET), text.isEmpty() ? "nothing" : "another text", SECRET_FORM);
            }
            secret.ifPresent(known -> users.add(new User(name, known)));
        }
    }
}
