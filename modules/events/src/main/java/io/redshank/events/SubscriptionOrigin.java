package io.redshank.events;

/** Who asked for a subscription, or for its end. */
public enum SubscriptionOrigin {
    /** The client, by a packet. Told to applications on the channel. */
    DEVICE(0),
    /** Redis, at connect: the session, or what an application wrote there. */
    STORED(1),
    /** An application, through the channel. */
    APPLICATION(2);

    private final int code;

    SubscriptionOrigin(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    int code() {
        return code;
    }

    static SubscriptionOrigin of(int code) {
        for (SubscriptionOrigin origin : values()) {
            if (origin.code == code) {
                return origin;
            }
        }
        throw new IllegalArgumentException("unknown subscription origin " + code);
    }
}
