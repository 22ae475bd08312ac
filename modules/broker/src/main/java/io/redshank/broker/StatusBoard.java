package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.MessageAccepted;
import io.redshank.events.StatusChanged;
import io.redshank.events.StatusValue;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageProperties;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is said under {@code $SYS} now: messages of the broker's own, which new subscriptions are given as if they were retained.
 * They are at QoS 0, so that they take no place from others, and nobody stores them. Confined to one event loop.
 */
final class StatusBoard {
    private static final String ROOT = "$SYS";
    private static final ClientId BROKER = new ClientId(ROOT);

    private final MessageClock clock;
    private final Map<TopicName, Message> messages = new LinkedHashMap<>();

    StatusBoard(MessageClock clock) {
        this.clock = clock;
    }

    /** Whether only the broker itself publishes to it: what clients are told there is to be true. */
    static boolean has(TopicName topic) {
        return isBelowRoot(topic.value());
    }

    /** Whether all that this filter matches is here and nowhere else. */
    static boolean has(TopicFilter filter) { // [MQTT-4.7.2-1]: no wildcard stands for $SYS
        return isBelowRoot(filter.value());
    }

    private static boolean isBelowRoot(String topic) {
        return topic.startsWith(ROOT) && (topic.length() == ROOT.length() || topic.charAt(ROOT.length()) == '/');
    }

    /** Something new is said; passes it on to those who are subscribed. */
    Future<Answer> onChanged(StatusChanged changed, Function<MessageAccepted, Future<Answer>> route) {
        List<Future<Answer>> routed = new ArrayList<>();
        for (StatusValue value : changed.values()) {
            Message message = new Message(
                    clock.next(),
                    BROKER,
                    value.topic(),
                    Qos.AT_MOST_ONCE,
                    true,
                    Payload.of(value.text().getBytes(StandardCharsets.UTF_8)),
                    System.currentTimeMillis(),
                    MessageProperties.NONE);
            messages.put(value.topic(), message);
            routed.add(route.apply(new MessageAccepted(message, null, false)));
        }
        return Future.all(routed).map(Answer.DONE);
    }

    /** Gives a new subscription what is said now, as soon as the client has room for it. */
    void replay(Session session, Granted granted) {
        session.outbound().whenRoom(() -> {
            if (!session.isEnded() && granted.equals(session.subscription(granted.filter()))) {
                messages.values().stream()
                        .filter(message -> granted.filter().matches(message.topic()))
                        .forEach(message -> session.outbound().replay(message, granted, true, false)); // [MQTT-3.3.1-8]
            }
            session.outbound().replayed();
        });
    }
}
