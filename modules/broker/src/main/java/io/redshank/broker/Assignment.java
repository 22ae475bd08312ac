package io.redshank.broker;

import io.redshank.events.Instance;
import io.redshank.model.TopicFilter;

/**
 * By whom a message of a shared subscription was assigned to a client.
 *
 * @param filter the whole filter, with the group's name
 * @param owner the instance that deals out its messages
 * @param era in which it does, if the message is in its log and the subscription has a place there; else 0
 */
record Assignment(TopicFilter filter, Instance owner, long era) {
    /** Whether the owner has the message, too, and is told what becomes of it. */
    boolean isKept() {
        return era > 0;
    }
}
