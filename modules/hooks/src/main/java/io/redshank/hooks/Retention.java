package io.redshank.hooks;

/**
 * How much a topic's log may hold; when it is more, the oldest messages go.
 *
 * @param maxMessages how many messages at most; 0 for any number
 * @param maxBytes how many bytes of payload at most; 0 for any number
 */
public record Retention(long maxMessages, long maxBytes) {
    /** No limit but time. */
    public static final Retention UNLIMITED = new Retention(0, 0);

    public Retention {
        if (maxMessages < 0 || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "a log cannot hold " + maxMessages + " messages or " + maxBytes + " bytes");
        }
    }

    /** Whether there is any limit. */
    public boolean isLimited() {
        return maxMessages > 0 || maxBytes > 0;
    }
}
