package io.redshank.app;

/** A node could not start; the message is the one line for the operator. */
final class NodeStartException extends Exception {
    private static final long serialVersionUID = 1;

    NodeStartException(String message) {
        super(message);
    }
}
