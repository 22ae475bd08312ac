package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import java.util.List;
import java.util.Map;

/**
 * What Redis knew of a client that connected.
 *
 * @param present whether a session of it was kept
 * @param subscriptions what it is subscribed to from the start: its session's, and those an application wrote
 * @param starts of subscriptions: what was stored up to there is none of their business
 * @param memory what else the session remembers
 */
public record SessionFound(
        boolean present, List<Subscription> subscriptions, Map<TopicFilter, MessageId> starts, SessionMemory memory) {
    /** Keeps copies. */
    public SessionFound {
        subscriptions = List.copyOf(subscriptions);
        starts = Map.copyOf(starts);
    }

    /** One without anything to go on from. */
    public SessionFound(boolean present, List<Subscription> subscriptions) {
        this(present, subscriptions, Map.of(), SessionMemory.NONE);
    }
}
