package io.redshank.broker;

import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePublished;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to a message that a client has published. */
final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    private final EventOutbox outbox;
    private final BrokerOptions options;
    private final MessageClock clock;

    Publications(BrokerInstance instance) {
        this.outbox = instance.outbox;
        this.options = instance.options;
        this.clock = instance.clock;
    }

    /** The same message under an id and a time of now, which place it behind what was published before. */
    Message sentNow(Message message) {
        return message.sentAt(clock.next(), System.currentTimeMillis());
    }

    /** Publishes at the message's quality of service with nobody to tell the outcome to; complete when that is known. */
    Future<Void> publish(Message message, @Nullable String username) {
        if (!message.qos().isAcknowledged()) {
            publishAtMostOnce(message, username);
            return Future.succeededFuture();
        }
        return publishStored(message, username)
                .<Void>mapEmpty()
                .onFailure(failure -> log.warn(
                        "Message not stored [client={}, topic={}, cause={}]",
                        message.from(),
                        message.topic(),
                        failure.getMessage()));
    }

    /** QoS 0: routed at once, never stored as a message; a retained one replaces or deletes the topic's. */
    void publishAtMostOnce(Message message, @Nullable String username) {
        outbox.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, new MessageAccepted(message, null, false));
        boolean retained = message.retain() && options.retainedServed();
        boolean wanted = Interest.in(options.interest().publishedAtQos0(), message.topic());
        if (retained || wanted) {
            MessagePublished event = new MessagePublished(message, username, false);
            if (wanted) {
                outbox.send(EventTypes.MESSAGE_PUBLISHED, Concern.MESSAGES, event);
            }
            if (retained) {
                outbox.send(EventTypes.MESSAGE_PUBLISHED, Concern.RETAINED, event);
            }
        }
    }

    /** QoS 1 and 2: completes when all that has to be in Redis is there, which is when it may be acknowledged. */
    Future<MessageId> publishStored(Message message, @Nullable String username) {
        Future<MessageId> stored = outbox.request(
                EventTypes.MESSAGE_PUBLISHED, Concern.MESSAGES, new MessagePublished(message, username, false));
        if (!message.retain() || !options.retainedServed()) {
            return stored;
        }
        return stored.compose(id -> outbox.request(
                EventTypes.MESSAGE_PUBLISHED,
                Concern.RETAINED,
                new MessagePublished(message.withId(id), username, false)));
    }
}
