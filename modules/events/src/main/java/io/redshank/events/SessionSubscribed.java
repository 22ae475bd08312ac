package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A client has a subscription that is live from now on.
 *
 * @param origin who asked for it
 * @param persists whether the session outlives the connection, and the subscription with it
 * @param millis when, in milliseconds since 1970
 */
public record SessionSubscribed(
        ClientId client,
        @Nullable String username,
        Subscription subscription,
        SubscriptionOrigin origin,
        boolean persists,
        long millis)
        implements LifecycleEvent {}
