package io.redshank.auth;

import io.redshank.auth.RefusedLoginException.Reason;
import io.redshank.model.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Supplier;

/**
 * Checks names and passwords off the event loop, one after the other, with a bound on those that wait. An unknown name takes as
 * long as a known one. Confined to the event loop of its context.
 */
public final class Passwords {
    private final Context context;
    private final Supplier<Users> users;
    private final int mostWaiting;
    private int waiting;

    /** For one event loop; at most so many passwords wait there, the one that is being checked among them. */
    public Passwords(Context context, Supplier<Users> users, int mostWaiting) {
        this.context = context;
        this.users = users;
        this.mostWaiting = mostWaiting;
    }

    /** The user, by the name that it was given here; fails with {@link RefusedLoginException}. */
    public Future<String> check(String name, Payload password) {
        if (password.isEmpty()) {
            return Future.failedFuture(new RefusedLoginException(Reason.WRONG_PASSWORD, name, "no password"));
        }
        if (waiting >= mostWaiting) {
            return Future.failedFuture(
                    new RefusedLoginException(Reason.BUSY, name, waiting + " passwords wait to be checked"));
        }
        waiting++;
        Users known = users.get();
        return context.executeBlocking(() -> checked(known, name, password), true)
                .andThen(checked -> waiting--);
    }

    private static String checked(Users users, String name, Payload password) {
        User user = users.find(name);
        ScramSecret secret = user == null ? users.standIn(name) : user.secret();
        boolean right = secret.isOf(password.shared());
        if (user == null) {
            throw new RefusedLoginException(Reason.WRONG_PASSWORD, name, "no such user");
        }
        if (!right) {
            throw new RefusedLoginException(Reason.WRONG_PASSWORD, name, "wrong password");
        }
        return user.name();
    }
}
