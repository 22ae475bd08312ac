package io.redshank.broker;

/** A topic that is well formed, and that this client may not publish to. */
final class TopicRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;

    /** A refusal without a stack trace: it is the client's error. */
    TopicRefusedException(ReasonCode reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** What an MQTT 5 client is told. */
    ReasonCode reason() {
        return reason;
    }
}
