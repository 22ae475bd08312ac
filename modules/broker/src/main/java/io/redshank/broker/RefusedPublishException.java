package io.redshank.broker;

/** A PUBLISH that is not taken; the message says why, for the client and the log. */
final class RefusedPublishException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ReasonCode reason;
    private final boolean fatal;

    private RefusedPublishException(ReasonCode reason, String message, boolean fatal) {
        super(message, null, false, false); // it is the client's error
        this.reason = reason;
        this.fatal = fatal;
    }

    /** The packet breaks a rule of MQTT, so that its connection ends. */
    static RefusedPublishException broken(ReasonCode reason, String message) {
        return new RefusedPublishException(reason, message, true);
    }

    /** The message is not wanted here; its acknowledgement says so, if it has one that can. */
    static RefusedPublishException unwanted(ReasonCode reason, String message) {
        return new RefusedPublishException(reason, message, false);
    }

    ReasonCode reason() {
        return reason;
    }

    boolean isFatal() {
        return fatal;
    }
}
