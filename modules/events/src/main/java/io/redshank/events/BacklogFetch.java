package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a page of what the topic logs hold for a new or resumed subscription.
 *
 * @param persists whether the session outlives its connection, so that bookmarks are kept whatever the hooks say
 * @param cursor where the page before ended; null for the first
 */
public record BacklogFetch(
        ClientId client,
        Subscription subscription,
        boolean persists,
        @Nullable String cursor) {}
