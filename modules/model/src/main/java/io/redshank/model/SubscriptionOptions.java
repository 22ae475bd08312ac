package io.redshank.model;

import org.jspecify.annotations.Nullable;

/**
 * What an MQTT 5 subscriber says of a subscription beside filter and quality of service (MQTT 5, 3.8.2.1.2 and 3.8.3.1).
 *
 * @param noLocal whether the client's own messages are kept from it
 * @param retainAsPublished whether live messages keep their retain flag
 * @param retainHandling 0: retained messages are sent; 1: only if the subscription is new; 2: not at all
 * @param identifier 1 to 268435455, told with each message that the subscription matches; null: none
 */
public record SubscriptionOptions(
        boolean noLocal,
        boolean retainAsPublished,
        int retainHandling,
        @Nullable Integer identifier) {
    /** What subscriptions of MQTT 3 and of applications have. */
    public static final SubscriptionOptions DEFAULT = new SubscriptionOptions(false, false, 0, null);

    private static final int MOST_IDENTIFIER = 268_435_455;

    /** Rejects numbers out of range. */
    public SubscriptionOptions {
        if (retainHandling < 0 || retainHandling > 2) {
            throw new MalformedMqttException("retain handling is not 0, 1 or 2", Integer.toString(retainHandling));
        }
        if (identifier != null && (identifier < 1 || identifier > MOST_IDENTIFIER)) {
            throw new MalformedMqttException("subscription identifier is not 1 to 268435455", identifier.toString());
        }
    }

    /** The same with another retain handling. */
    public SubscriptionOptions withRetainHandling(int other) {
        return new SubscriptionOptions(noLocal, retainAsPublished, other, identifier);
    }
}
