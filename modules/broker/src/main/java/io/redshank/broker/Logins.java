package io.redshank.broker;

import io.redshank.auth.LoginOptions;
import io.redshank.auth.Mechanism;
import io.redshank.auth.Passwords;
import io.redshank.auth.RefusedLoginException;
import io.redshank.broker.RefusedConnectException.Refusal;
import io.redshank.model.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the clients of one instance log in. Confined to its event loop. */
final class Logins {
    private static final int LONGEST_SHOWN = 64;

    private final boolean checked;
    private final Passwords passwords;
    private final Map<String, Mechanism> mechanisms = new HashMap<>();

    Logins(LoginOptions options, Context context) {
        this.checked = options.checked();
        this.passwords = new Passwords(context, options.users(), options.mostWaiting());
        options.mechanisms().forEach(mechanism -> mechanisms.put(mechanism.name(), mechanism));
    }

    /** Whether user names and passwords are checked at all. */
    boolean areChecked() {
        return checked;
    }

    /** The mechanism of this name; fails with {@link RefusedConnectException} if it is not offered [MQTT-4.12.0-1]. */
    Mechanism mechanism(String name) {
        Mechanism mechanism = mechanisms.get(name);
        if (mechanism == null) {
            throw new RefusedConnectException(
                    Refusal.AUTHENTICATION_METHOD, "authentication method " + shown(name) + " is not offered");
        }
        return mechanism;
    }

    /** The user of this name and password; fails with {@link RefusedConnectException}. */
    Future<String> check(String name, Payload password) {
        return passwords.check(name, password).recover(Logins::refuse);
    }

    /** What CONNACK says to somebody who has not logged in. */
    static <T> Future<T> refuse(Throwable failure) {
        if (failure instanceof RefusedLoginException refused) {
            String cause = refused.user() == null ? "" : ", user=" + shown(refused.user());
            return Future.failedFuture(new RefusedConnectException(refusalOf(refused), refused.getMessage() + cause));
        }
        return Future.failedFuture(failure);
    }

    private static Refusal refusalOf(RefusedLoginException refused) {
        return switch (refused.reason()) {
            case WRONG_PASSWORD -> Refusal.WRONG_PASSWORD;
            case NOT_PROVED -> Refusal.NOT_AUTHORIZED;
            case BUSY -> Refusal.BUSY;
        };
    }

    /** A name of somebody unknown as a log line may show it: of one line, and not long. */
    static String shown(@Nullable String name) {
        if (name == null) {
            return "";
        }
        String plain = name.replaceAll("\\p{C}", "?");
        return plain.length() <= LONGEST_SHOWN ? plain : plain.substring(0, LONGEST_SHOWN) + "...";
    }
}
