package io.redshank.model;

/**
 * One published message, as the layout in Redis knows it.
 *
 * @param id its name, given once by the broker that received it
 * @param from the client that published it
 * @param retain whether it was published to be kept for later subscribers
 * @param millis when it was received, in milliseconds since 1970
 */
public record Message(
        MessageId id, ClientId from, TopicName topic, Qos qos, boolean retain, Payload payload, long millis) {

    /** Whether this asks to forget the topic's retained message: retained and without bytes. */
    public boolean deletesRetained() {
        return retain && payload.isEmpty();
    }

    /** The same message under another id. */
    public Message withId(MessageId other) {
        return new Message(other, from, topic, qos, retain, payload, millis);
    }

    /** The same message to another topic. */
    public Message withTopic(TopicName other) {
        return new Message(id, from, other, qos, retain, payload, millis);
    }
}
