package io.redshank.broker;

import io.redshank.auth.LoginOptions;
import io.redshank.broker.sys.SysOptions;
import io.redshank.broker.topics.TopicRules;
import io.redshank.model.NodeName;
import java.util.List;

/**
 * What a broker verticle has to know.
 *
 * @param retainedServed whether retained messages are kept
 * @param delayedServed whether what is sent to {@code $delayed/…} is published later
 */
public record BrokerOptions(
        NodeName node,
        List<Listener> listeners,
        Interest interest,
        SharedOptions shared,
        boolean retainedServed,
        boolean delayedServed,
        TopicRules topics,
        SysOptions sys,
        LoginOptions logins) {
    /** Keeps a copy of the list. */
    public BrokerOptions {
        listeners = List.copyOf(listeners);
    }
}
