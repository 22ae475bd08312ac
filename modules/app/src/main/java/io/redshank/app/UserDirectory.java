package io.redshank.app;

import io.redshank.app.config.InvalidConfigurationException;
import io.redshank.app.config.LoginConfig;
import io.redshank.auth.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of this moment, for all threads. Looks at their file every other second and reads it again when it has changed; a file
 * that will not do is reported once, and leaves the users as they were.
 */
final class UserDirectory implements Supplier<Users> {
    private static final Logger log = LoggerFactory.getLogger(UserDirectory.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    /** A time that no file has. */
    private static final FileTime MISSING = FileTime.fromMillis(Long.MIN_VALUE);

    private final LoginConfig login;
    private volatile Users users;
    private volatile FileTime changed = MISSING;

    UserDirectory(LoginConfig login) {
        this.login = login;
        this.users = login.users();
    }

    @Override
    public Users get() {
        return users;
    }

    /** Looks at the file until this Vert.x is closed. */
    void watch(Vertx vertx) {
        Path file = login.file();
        if (file != null) {
            vertx.setPeriodic(
                    0,
                    LOOK_EVERY.toMillis(),
                    timer -> look(vertx, file)
                            .onFailure(failure -> log.error("Users' file not looked at [file={}]", file, failure)));
        }
    }

    private Future<?> look(Vertx vertx, Path file) {
        return vertx.executeBlocking(() -> {
            FileTime now = changedAt(file);
            if (!now.equals(changed)) {
                changed = now;
                readAgain(file);
            }
            return null;
        });
    }

    private void readAgain(Path file) {
        try {
            Users now = login.readAgain().users();
            users = now;
            log.info("Users read [file={}, users={}]", file, now.count());
        } catch (InvalidConfigurationException invalid) {
            log.warn("Users not read, those of before remain [causes={}]", invalid.lines());
        }
    }

    private static FileTime changedAt(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException missing) {
            return MISSING;
        }
    }
}
