package io.redshank.model;

/**
 * One published message, as the layout in Redis knows it.
 *
 * @param id its name, given once by the broker that received it
 * @param from the client that published it
 * @param retain whether it was published to be kept for later subscribers
 * @param millis when it was received, in milliseconds since 1970
 * @param properties what its publisher said of it in MQTT 5
 */
public record Message(
        MessageId id,
        ClientId from,
        TopicName topic,
        Qos qos,
        boolean retain,
        Payload payload,
        long millis,
        MessageProperties properties) {

    /** A message without properties. */
    public Message(
            MessageId id, ClientId from, TopicName topic, Qos qos, boolean retain, Payload payload, long millis) {
        this(id, from, topic, qos, retain, payload, millis, MessageProperties.NONE);
    }

    /** Whether this asks to forget the topic's retained message: retained and without bytes. */
    public boolean deletesRetained() {
        return retain && payload.isEmpty();
    }

    /** Whether its publisher does not want it delivered at this time any more (MQTT 5, 3.3.2.3.3). */
    public boolean hasExpiredBy(long nowMillis) {
        Long seconds = properties.expirySeconds();
        return seconds != null && nowMillis >= millis + seconds * 1000;
    }

    /** The same message under another id. */
    public Message withId(MessageId other) {
        return new Message(other, from, topic, qos, retain, payload, millis, properties);
    }

    /** The same message under another id and topic. */
    public Message at(MessageId otherId, TopicName otherTopic) {
        return new Message(otherId, from, otherTopic, qos, retain, payload, millis, properties);
    }

    /** The same message under another id and time, which place it behind what was published before. */
    public Message sentAt(MessageId otherId, long otherMillis) {
        return new Message(otherId, from, topic, qos, retain, payload, otherMillis, properties);
    }

    /** The same message, retained. */
    public Message retained() {
        return new Message(id, from, topic, qos, true, payload, millis, properties);
    }
}
