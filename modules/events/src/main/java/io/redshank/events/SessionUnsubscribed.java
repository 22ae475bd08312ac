package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * A client has given up a subscription.
 *
 * @param origin who asked for it
 * @param millis when, in milliseconds since 1970
 */
public record SessionUnsubscribed(
        ClientId client, @Nullable String username, TopicFilter filter, SubscriptionOrigin origin, long millis)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + filter.value().length();
    }
}
