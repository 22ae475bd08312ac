package io.redshank.model;

/** A topic filter and the highest quality of service at which its messages are wanted. */
public record Subscription(TopicFilter filter, Qos qos) {}
