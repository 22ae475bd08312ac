package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a page of the retained messages that a new subscription matches.
 *
 * @param cursor where the page before ended; null for the first
 */
public record RetainedLookup(
        ClientId client, TopicFilter filter, @Nullable String cursor) {}
