package io.redshank.events;

import io.redshank.model.Subscription;
import java.util.List;

/**
 * What Redis knew of a client that connected.
 *
 * @param present whether a session of it was kept
 * @param subscriptions what it is subscribed to from the start: its session's, and those an application wrote
 */
public record SessionFound(boolean present, List<Subscription> subscriptions) {
    /** Keeps a copy of the list. */
    public SessionFound {
        subscriptions = List.copyOf(subscriptions);
    }
}
