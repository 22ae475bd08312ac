package io.redshank.broker;

/**
 * What is special among subscriptions.
 *
 * @param shared whether clients may share subscriptions
 * @param strategy who of the sharers gets a message
 * @param exclusive whether a client may have a subscription for itself
 */
public record SharedOptions(boolean shared, SharedStrategy strategy, boolean exclusive) {
    /** What holds without any setting. */
    public static final SharedOptions DEFAULT = new SharedOptions(true, SharedStrategy.ROUND_ROBIN, true);
}
