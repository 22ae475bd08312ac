package io.redshank.broker;

import io.redshank.events.MessageAccepted;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** Messages of tests, with numbers for ids and payloads. */
final class Messages {
    private Messages() {}

    static Message message(String topic, int number, Qos qos) {
        return message(topic, number, qos, Integer.toString(number).getBytes(StandardCharsets.UTF_8));
    }

    static Message message(String topic, int number, Qos qos, byte[] payload) {
        return new Message(
                id(number),
                new ClientId("somebody"),
                new TopicName(topic),
                qos,
                false,
                Payload.of(payload),
                1_700_000_000_000L + number);
    }

    /** As ids of ours: in the order of their numbers. */
    static MessageId id(int number) {
        return new MessageId("%020d".formatted(number));
    }

    /** The messages with the numbers from the first to the last. */
    static List<Message> range(String topic, int first, int last) {
        return IntStream.rangeClosed(first, last)
                .mapToObj(number -> message(topic, number, Qos.AT_LEAST_ONCE))
                .toList();
    }

    static MessageAccepted stored(String topic, int number) {
        return new MessageAccepted(message(topic, number, Qos.AT_LEAST_ONCE), null, true);
    }
}
