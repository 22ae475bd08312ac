package io.redshank.broker;

/**
 * What may be on its way to one client.
 *
 * @param maxInflight how many QoS 1 and 2 messages may be sent and not yet acknowledged, 1 to 65535
 * @param maxQueuedMessages how many more may wait for that
 * @param maxQueuedBytes how many payload bytes may wait for that
 * @param whenFull what becomes of a message that finds no place
 */
public record OutboundLimits(int maxInflight, int maxQueuedMessages, long maxQueuedBytes, WhenFull whenFull) {
    /** What becomes of a message that finds no place in the queue of its client, and cannot be read from a log again. */
    public enum WhenFull {
        /** It is dropped. */
        DROP_NEWEST,
        /** It takes the place of those that have waited longest. */
        DROP_OLDEST,
        /** The client is disconnected, with 0x97. */
        DISCONNECT
    }
}
