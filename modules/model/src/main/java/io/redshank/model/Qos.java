package io.redshank.model;

/** Quality of service, with its number on the wire. */
public enum Qos {
    AT_MOST_ONCE(0),
    AT_LEAST_ONCE(1),
    EXACTLY_ONCE(2);

    private static final Qos[] BY_LEVEL = {AT_MOST_ONCE, AT_LEAST_ONCE, EXACTLY_ONCE};

    private final int level;

    Qos(int level) {
        this.level = level;
    }

    /** 0, 1 or 2. */
    public int level() {
        return level;
    }

    /** The quality of this number; anything but 0, 1 and 2 is malformed. */
    public static Qos of(int level) {
        if (level < 0 || level > 2) {
            throw new MalformedMqttException("QoS is not 0, 1 or 2", Integer.toString(level));
        }
        return BY_LEVEL[level];
    }

    /** The lower of two: what a delivery gets of a message's and a subscription's quality. */
    public Qos atMost(Qos other) {
        return level <= other.level ? this : other;
    }

    /** The higher of two: what overlapping subscriptions grant together. */
    public Qos atLeast(Qos other) {
        return level >= other.level ? this : other;
    }

    /** Whether the receiver acknowledges, which is what makes a message worth storing. */
    public boolean isAcknowledged() {
        return level > 0;
    }
}
