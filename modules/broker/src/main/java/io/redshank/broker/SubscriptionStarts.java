package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Where the subscriptions of a session that persists begin: behind all that was published before, and before all that is published
 * once they are acknowledged. Of a topic that counts only if its bookmark is lost. Confined to the connection's event loop.
 */
final class SubscriptionStarts {
    /*
     * Ids carry the millisecond in which a message was received. A subscription with wildcards begins behind the last id of its own
     * millisecond, and is acknowledged when that is over. That of a topic begins before its millisecond and does not wait.
     */
    private final Session session;

    SubscriptionStarts(Session session) {
        this.session = session;
    }

    /**
     * A subscription is about to become live. Answers where it begins, if that is new and to be stored.
     *
     * @param stored where it has begun by what is stored, if it has
     * @param origin who asked for it; a subscription that was stored already has begun
     */
    @Nullable
    MessageId begin(Granted granted, @Nullable MessageId stored, SubscriptionOrigin origin) {
        TopicFilter filter = granted.filter();
        TopicFilter topics = granted.plainly().filter();
        if (!session.hasPlaces() || granted.isShared()) {
            return null;
        }
        if (!topics.hasWildcard()) {
            return granted.qos().isAcknowledged() && origin != SubscriptionOrigin.STORED
                    ? MessageClock.endOf(System.currentTimeMillis() - 1)
                    : null;
        }
        WildcardReading wildcards = session.catchUps().wildcards();
        if (!granted.qos().isAcknowledged()) {
            wildcards.ended(topics);
            return null;
        }
        Granted before = session.subscription(filter);
        if (before != null && before.qos().isAcknowledged()) {
            return null;
        }
        MessageId start = stored == null ? MessageClock.endOf(System.currentTimeMillis()) : stored;
        wildcards.started(topics, start);
        return stored == null ? start : null;
    }

    /** Complete when ids that are given from now on are behind this start. */
    Future<Answer> over(MessageId start) {
        if (System.currentTimeMillis() * 1000 > MessageClock.microsOf(start)) {
            return Future.succeededFuture(Answer.DONE);
        }
        Promise<Answer> over = Promise.promise();
        session.later(1, () -> over(start).onComplete(over));
        return over.future();
    }
}
