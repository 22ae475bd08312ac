package io.redshank.auth;

import java.util.List;
import java.util.function.Supplier;

/**
 * How clients log in.
 *
 * @param checked whether user names and passwords are checked; if not, everybody is who he says he is
 * @param users who may log in at this moment
 * @param mechanisms of enhanced authentication, that are offered
 * @param mostWaiting how many passwords may wait to be checked, for each event loop
 */
public record LoginOptions(boolean checked, Supplier<Users> users, List<Mechanism> mechanisms, int mostWaiting) {
    /** Two or three seconds of work for one core, at the least number of iterations. */
    private static final int MOST_WAITING = 1000;

    /** Keeps a copy of the list. */
    public LoginOptions {
        mechanisms = List.copyOf(mechanisms);
    }

    /** Nothing is checked. */
    public static LoginOptions unchecked() {
        return new LoginOptions(false, Users::none, List.of(), MOST_WAITING);
    }

    /** Names and passwords are checked, plain ones and by SCRAM-SHA-256. */
    public static LoginOptions of(Supplier<Users> users) {
        return new LoginOptions(true, users, List.of(new ScramSha256(users)), MOST_WAITING);
    }
}
