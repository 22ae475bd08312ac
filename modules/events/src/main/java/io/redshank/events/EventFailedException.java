package io.redshank.events;

/** The outcome of an event that its receiver could not do; the message is fit for one log line. */
public final class EventFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final EventFailure failure;

    /** A failure without a stack trace: it is an outcome, not a bug. */
    public EventFailedException(EventFailure failure, String message) {
        super(message, null, false, false);
        this.failure = failure;
    }

    /** Whether to try again. */
    public EventFailure failure() {
        return failure;
    }

    static EventFailedException of(Throwable cause) {
        return cause instanceof EventFailedException known
                ? known
                : new EventFailedException(EventFailure.REFUSED, String.valueOf(cause.getMessage()));
    }
}
