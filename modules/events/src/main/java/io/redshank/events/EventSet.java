package io.redshank.events;

/**
 * Some of the types of lifecycle events.
 *
 * @param bits one for each type, at the place of its code
 */
public record EventSet(int bits) {
    /** None of them. */
    public static final EventSet NONE = new EventSet(0);

    /** Whether this type is among them. */
    public boolean has(EventType<? extends LifecycleEvent, ?> type) {
        return hasCode(type.code());
    }

    /** These and one more. */
    public EventSet and(EventType<? extends LifecycleEvent, ?> type) {
        return new EventSet(bits | 1 << type.code());
    }

    /** All that are in one of the two. */
    public EventSet and(EventSet others) {
        return new EventSet(bits | others.bits);
    }

    boolean hasCode(int code) {
        return (bits & 1 << code) != 0;
    }
}
