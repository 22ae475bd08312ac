package io.redshank.broker;

/**
 * What one session may hold of messages on their way to its client.
 *
 * @param maxInflight how many QoS 1 and 2 messages may be sent and not yet acknowledged, 1 to 65535
 * @param maxQueuedMessages how many more may wait for that
 * @param maxQueuedBytes how many payload bytes may wait for that
 * @param expirySeconds how long an MQTT 3 session without clean session outlives its connection
 */
public record SessionLimits(int maxInflight, int maxQueuedMessages, long maxQueuedBytes, long expirySeconds) {}
