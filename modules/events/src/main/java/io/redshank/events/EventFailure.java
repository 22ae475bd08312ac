package io.redshank.events;

/** Why an event was not done, as it travels in an answer. */
public enum EventFailure {
    /** It cannot be done, now or later; another attempt would fail the same way. */
    REFUSED(1),
    /** It cannot be done now; the same event may be sent again. */
    UNAVAILABLE(2),
    /** A limit is reached; another attempt may succeed when others have made room. */
    FULL(3),
    /** Somebody else has what there is only one of. */
    TAKEN(4);

    private final int code;

    EventFailure(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static EventFailure of(int code) {
        for (EventFailure failure : values()) {
            if (failure.code == code) {
                return failure;
            }
        }
        return REFUSED;
    }
}
