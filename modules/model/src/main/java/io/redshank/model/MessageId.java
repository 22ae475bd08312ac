package io.redshank.model;

/**
 * The name of a message in Redis. Ours are 20 characters of base 62 that sort, byte by byte, in order of time (see {@link
 * MessageClock}); an application or an older broker may have written others, which are kept as they are.
 */
public record MessageId(String value) {
    /** How many characters an id of ours has. */
    public static final int LENGTH = 20;

    /** Rejects an empty id. */
    public MessageId {
        if (value.isEmpty()) {
            throw new MalformedMqttException("message id is empty", value);
        }
    }

    /** Whether this id sorts behind the other one. Meaningful among ids of ours only. */
    public boolean isAfter(MessageId other) {
        return value.compareTo(other.value) > 0;
    }

    @Override
    public String toString() {
        return value;
    }
}
