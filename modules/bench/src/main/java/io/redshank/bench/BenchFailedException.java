package io.redshank.bench;

/** The run cannot go on: no connection, a broker that breaks the protocol, or no time left. The message is for the user. */
final class BenchFailedException extends RuntimeException {
    BenchFailedException(String message) {
        super(message);
    }

    BenchFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
