package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a page of what the topic logs hold for a new or resumed subscription.
 *
 * @param start what is up to here is not asked for, whatever the bookmark says; null if the bookmark alone counts
 * @param since when the subscription of this very topic was made, of a session that goes on: if its bookmark is lost, what came
 *     behind that is asked for; null if who has no bookmark is here for the first time
 * @param persists whether the session outlives its connection, so that bookmarks are kept whatever the hooks say
 * @param cursor where the page before ended; null for the first
 */
public record BacklogFetch(
        ClientId client,
        Subscription subscription,
        @Nullable MessageId start,
        @Nullable MessageId since,
        boolean persists,
        @Nullable String cursor) {}
