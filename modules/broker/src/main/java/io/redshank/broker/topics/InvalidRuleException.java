package io.redshank.broker.topics;

/** A topic rule that cannot be meant. The message says what is wrong with it, for whoever wrote the configuration. */
public final class InvalidRuleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InvalidRuleException(String message) {
        super(message);
    }
}
