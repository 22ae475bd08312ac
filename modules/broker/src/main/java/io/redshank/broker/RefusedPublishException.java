package io.redshank.broker;

/** A PUBLISH that is not taken; the message says why, for the client and the log. */
final class RefusedPublishException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private enum Kind {
        BROKEN,
        UNWANTED,
        FORBIDDEN
    }

    private final ReasonCode reason;
    private final Kind kind;

    private RefusedPublishException(ReasonCode reason, String message, Kind kind) {
        super(message, null, false, false); // it is the client's error
        this.reason = reason;
        this.kind = kind;
    }

    /** The packet breaks a rule of MQTT: its connection ends. */
    static RefusedPublishException broken(ReasonCode reason, String message) {
        return new RefusedPublishException(reason, message, Kind.BROKEN);
    }

    /** The message is not taken here: its acknowledgement says so, or else the end of the connection. */
    static RefusedPublishException unwanted(ReasonCode reason, String message) {
        return new RefusedPublishException(reason, message, Kind.UNWANTED);
    }

    /** The client may not publish it: its acknowledgement says so, or else it is dropped as if it had been taken [MQTT-3.3.5-2]. */
    static RefusedPublishException forbidden(ReasonCode reason, String message) {
        return new RefusedPublishException(reason, message, Kind.FORBIDDEN);
    }

    ReasonCode reason() {
        return reason;
    }

    /**
     * Whether the connection ends.
     *
     * @param ackCanSayNo whether the message has an acknowledgement that can refuse it
     */
    boolean endsConnection(boolean ackCanSayNo) {
        return kind == Kind.BROKEN || kind == Kind.UNWANTED && !ackCanSayNo;
    }
}
