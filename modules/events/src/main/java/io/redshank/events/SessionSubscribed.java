package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A client has a subscription that is live from now on.
 *
 * @param start what was stored up to here is none of its business; null if that is kept as it is, or if nothing is read for it. A
 *     topic has a bookmark besides, so that of one the first start is kept, for the case that the bookmark is lost
 * @param origin who asked for it
 * @param persists whether the session outlives the connection, and the subscription with it
 * @param millis when, in milliseconds since 1970
 */
public record SessionSubscribed(
        ClientId client,
        @Nullable String username,
        Subscription subscription,
        @Nullable MessageId start,
        SubscriptionOrigin origin,
        boolean persists,
        long millis)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + subscription.filter().value().length();
    }
}
