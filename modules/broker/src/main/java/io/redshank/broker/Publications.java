package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.Broadcasts;
import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessageDelayed;
import io.redshank.events.MessageDue;
import io.redshank.events.MessagePublished;
import io.redshank.events.PacketIdReleased;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a message that a client has published. */
final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    /**
     * How a message was sent.
     *
     * @param packetId of a QoS 2 message of a session that persists, which is remembered with it; 0 for any other
     * @param again whether it may be stored already, under the id that it has
     */
    record Sent(@Nullable String username, int packetId, boolean again) {}

    private final EventOutbox outbox;
    private final Broadcasts broadcasts;
    private final BrokerOptions options;
    private final MessageClock clock;
    /** What a node that stops has to wait for: nobody else does. */
    private final Set<Future<?>> underway = new HashSet<>();

    Publications(BrokerInstance instance) {
        this.outbox = instance.outbox;
        this.broadcasts = instance.broadcasts;
        this.options = instance.options;
        this.clock = instance.clock;
    }

    /** The same message under an id and a time of now, which place it behind what was published before. */
    Message sentNow(Message message) {
        return message.sentAt(clock.next(), System.currentTimeMillis());
    }

    /** A message that had to wait is published, with an id that places it behind what was published before. */
    Future<Answer> onDue(MessageDue due) {
        return publish(due.message().withId(clock.next()), due.username()).map(Answer.DONE);
    }

    /** Complete when all that {@link #publish} has begun by now has ended. */
    Future<?> settled() {
        return Future.join(List.copyOf(underway));
    }

    /** Publishes at the message's quality of service with nobody to tell the outcome to; complete when that is known. */
    @CanIgnoreReturnValue
    Future<Void> publish(Message message, @Nullable String username) {
        if (!message.qos().isAcknowledged()) {
            publishAtMostOnce(message, username);
            return Future.succeededFuture();
        }
        Future<Void> stored =
                publishStored(message, new Sent(username, 0, false)).mapEmpty();
        underway.add(stored);
        return stored.andThen(done -> underway.remove(stored))
                .onFailure(failure -> log.warn(
                        "Message not stored [client={}, topic={}, cause={}]",
                        message.from(),
                        message.topic(),
                        failure.getMessage()));
    }

    /** QoS 0: routed at once, never stored as a message; a retained one replaces or deletes the topic's. */
    void publishAtMostOnce(Message message, @Nullable String username) {
        if (isDelayed(message)) {
            outbox.send(EventTypes.MESSAGE_DELAYED, Concern.DELAYED, delayed(message, username));
            return;
        }
        outbox.route(new MessageAccepted(message, null, false));
        boolean retained = message.retain() && options.retainedServed();
        boolean wanted = Interest.in(options.interest().publishedAtQos0(), message.topic());
        if (retained || wanted || broadcasts.isHeard(EventTypes.MESSAGE_PUBLISHED)) {
            MessagePublished event = new MessagePublished(message, username, false);
            broadcasts.send(EventTypes.MESSAGE_PUBLISHED, event);
            if (wanted) {
                outbox.send(EventTypes.MESSAGE_PUBLISHED, Concern.MESSAGES, event);
            }
            if (retained) {
                outbox.send(EventTypes.MESSAGE_PUBLISHED, Concern.RETAINED, event);
            }
        }
    }

    /** QoS 1 and 2: completes when all that has to be in Redis is there, which is when it may be acknowledged. */
    Future<MessageId> publishStored(Message message, Sent sent) {
        if (isDelayed(message)) {
            return outbox.request(EventTypes.MESSAGE_DELAYED, Concern.DELAYED, delayed(message, sent.username()))
                    .map(message.id());
        }
        Future<MessageId> stored = outbox.request(
                EventTypes.MESSAGE_PUBLISHED,
                Concern.MESSAGES,
                new MessagePublished(message, sent.username(), sent.packetId(), sent.again()));
        if (broadcasts.isHeard(EventTypes.MESSAGE_PUBLISHED)) {
            stored.onSuccess(id -> broadcasts.send(
                    EventTypes.MESSAGE_PUBLISHED, new MessagePublished(message.withId(id), sent.username(), false)));
        }
        if (!message.retain() || !options.retainedServed()) {
            return stored;
        }
        return stored.compose(id -> retain(message.withId(id), sent.username()));
    }

    /** A retained message that is in its log, and may not be the topic's retained one because the node was killed in between. */
    Future<MessageId> retainAgain(Message message, @Nullable String username) {
        boolean served = options.retainedServed() && !isDelayed(message);
        return served ? retain(message, username) : Future.succeededFuture(message.id());
    }

    private Future<MessageId> retain(Message message, @Nullable String username) {
        return outbox.request(
                EventTypes.MESSAGE_PUBLISHED, Concern.RETAINED, new MessagePublished(message, username, false));
    }

    /** A QoS 2 message is released; complete when its packet id may stand for another one. */
    Future<Answer> forget(ClientId client, int packetId) {
        return outbox.request(EventTypes.PACKET_ID_RELEASED, Concern.MESSAGES, new PacketIdReleased(client, packetId))
                .onFailure(failure ->
                        log.warn("Packet id not released [client={}, cause={}]", client, failure.getMessage()));
    }

    private boolean isDelayed(Message message) {
        return options.delayedServed() && DelayedTopic.is(message.topic());
    }

    private static MessageDelayed delayed(Message message, @Nullable String username) {
        DelayedTopic topic = DelayedTopic.of(message.topic());
        long due = message.millis() + TimeUnit.SECONDS.toMillis(topic.seconds());
        return new MessageDelayed(message.at(message.id(), topic.topic()), username, due);
    }
}
