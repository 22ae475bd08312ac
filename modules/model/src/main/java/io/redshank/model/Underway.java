package io.redshank.model;

import org.jspecify.annotations.Nullable;

/**
 * A message that was sent to a client and is not settled.
 *
 * @param number its place in the order of sending; rises as long as the session lives
 * @param packetId the one it was sent with; 0 once that is free again
 * @param stage how far it has come
 * @param qos the quality it was sent at
 * @param retain whether it was sent as retained
 * @param logged whether it is in its topic's log, so that its acknowledgement moves a bookmark
 * @param body the message itself, if it is stored nowhere yet; null if it is to be read from Redis
 */
public record Underway(
        long number,
        int packetId,
        Stage stage,
        Qos qos,
        boolean retain,
        boolean logged,
        TopicName topic,
        MessageId id,
        @Nullable Message body) {
    /** The same with its body, or without. */
    public Underway with(@Nullable Message message) {
        return new Underway(number, packetId, stage, qos, retain, logged, topic, id, message);
    }

    /** How far a message has come. */
    public enum Stage {
        /** Sent, and neither PUBACK nor PUBREC has come. */
        SENT(0),
        /** At QoS 2, PUBREC has come, and PUBCOMP has not. */
        RELEASED(1),
        /** The client has it, and the bookmark cannot move there because of one before it. */
        ACKED(2);

        private final int code;

        Stage(int code) {
            this.code = code;
        }

        /** The number in Redis and on the wire. */
        public int code() {
            return code;
        }

        /** The stage of this number. */
        public static Stage of(int code) {
            for (Stage stage : values()) {
                if (stage.code == code) {
                    return stage;
                }
            }
            throw new IllegalArgumentException("unknown stage " + code);
        }
    }
}
