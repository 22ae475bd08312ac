package io.redshank.auth;

/** A message of a SCRAM client that is none. */
final class MalformedScramException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedScramException(String why) {
        super(why, null, false, false);
    }
}
