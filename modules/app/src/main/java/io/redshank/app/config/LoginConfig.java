package io.redshank.app.config;

import io.redshank.auth.User;
import io.redshank.auth.Users;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may log in.
 *
 * @param listed the users of the configuration itself
 * @param file where there are more, who may change while the node runs; null for none
 * @param all the former and those that the file held when it was read
 */
public record LoginConfig(List<User> listed, @Nullable Path file, List<User> all) {
    private static final String USERS = "users";
    private static final String FILE = "users_file";

    public LoginConfig {
        listed = List.copyOf(listed);
        all = List.copyOf(all);
    }

    static LoginConfig from(Section mqtt) {
        List<User> listed = UserList.under(USERS, mqtt);
        Path file = file(mqtt);
        return new LoginConfig(listed, file, file == null ? listed : UserList.withFile(listed, file, mqtt.problems()));
    }

    private static @Nullable Path file(Section mqtt) {
        try {
            return mqtt.optionalText(FILE).map(Path::of).orElse(null);
        } catch (InvalidPathException invalid) {
            mqtt.refuse(FILE, "the name of a file");
            return null;
        }
    }

    /** Whether user names and passwords are checked. With a file they are, even while nobody is in it. */
    public boolean isChecked() {
        return file != null || !listed.isEmpty();
    }

    /** All users. */
    public Users users() {
        return Users.of(all);
    }

    /** The same with what the file holds now; fails if that is wrong. Reads the file, if there is one. */
    public LoginConfig readAgain() throws InvalidConfigurationException {
        if (file == null) {
            return this;
        }
        Problems problems = new Problems();
        List<User> now = UserList.withFile(listed, file, problems);
        problems.throwIfAny();
        return new LoginConfig(listed, file, now);
    }
}
