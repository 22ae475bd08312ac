package io.redshank.auth;

import org.jspecify.annotations.Nullable;

/** Somebody is not let in. The message says why, for the log and not for the client. */
public final class RefusedLoginException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What the client may be told. */
    public enum Reason {
        /** The user name is unknown, or the password is not that user's. */
        WRONG_PASSWORD,
        /** The client has not proved who it is. */
        NOT_PROVED,
        /** Too many passwords wait to be checked. */
        BUSY
    }

    private final Reason reason;
    private final @Nullable String user;

    /** For the named user, if the client has got as far as to give a name; without a stack trace, since it is its error. */
    public RefusedLoginException(Reason reason, @Nullable String user, String why) {
        super(why, null, false, false);
        this.reason = reason;
        this.user = user;
    }

    /** What the client may be told. */
    public Reason reason() {
        return reason;
    }

    /** The name that the client gave, as it was given. */
    public @Nullable String user() {
        return user;
    }
}
