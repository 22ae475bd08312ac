package io.redshank.hooks;

/** A command line of the configuration that cannot be run. The message says what was found and what is allowed. */
public final class InvalidCommandException extends Exception {
    private static final long serialVersionUID = 1;

    InvalidCommandException(String found, String allowed) {
        super(found + ", " + allowed);
    }
}
