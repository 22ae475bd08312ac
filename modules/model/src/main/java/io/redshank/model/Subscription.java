package io.redshank.model;

/** A topic filter, the highest quality of service at which its messages are wanted, and what else is asked of them. */
public record Subscription(TopicFilter filter, Qos qos, SubscriptionOptions options) {
    /** A subscription without options. */
    public Subscription(TopicFilter filter, Qos qos) {
        this(filter, qos, SubscriptionOptions.DEFAULT);
    }
}
