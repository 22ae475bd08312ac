package io.redshank.broker;

/** How the member of a shared subscription that gets a message is picked among those who can take it. */
public enum SharedStrategy {
    /** One after the other. */
    ROUND_ROBIN,
    /** Anyone. */
    RANDOM,
    /** The same one, as long as it is a member and takes what comes. */
    STICKY,
    /** Who has the fewest unacknowledged messages of this subscription. */
    LEAST_INFLIGHT,
    /** The same one for all messages of a publisher, as long as the members are the same. */
    HASH_CLIENT,
    /** The same one for all messages of a topic, as long as the members are the same. */
    HASH_TOPIC
}
