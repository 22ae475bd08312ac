package io.redshank.broker;

/**
 * How much one client may publish.
 *
 * @param receiveMaximum how many QoS 1 and 2 messages may be unacknowledged at once, 1 to 65535
 * @param topicAliasMaximum how many topic aliases are kept for the client, each way; 0 for none
 * @param messagesPerSecond how many messages are taken in a second; 0 for any number
 * @param bytesPerSecond how many payload bytes are taken in a second; 0 for any number
 * @param maxRetainedSize the largest payload of a retained message, in bytes; more is refused with 0x97
 */
public record InboundLimits(
        int receiveMaximum, int topicAliasMaximum, int messagesPerSecond, long bytesPerSecond, int maxRetainedSize) {}
