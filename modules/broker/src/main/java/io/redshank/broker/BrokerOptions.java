package io.redshank.broker;

import io.redshank.broker.sys.SysOptions;
import io.redshank.broker.topics.TopicRules;
import io.redshank.model.NodeName;
import java.util.List;

/** What a broker verticle has to know. */
public record BrokerOptions(
        NodeName node,
        List<ListenerOptions> listeners,
        Interest interest,
        boolean retainedServed,
        TopicRules topics,
        SysOptions sys) {
    /** Keeps a copy of the list. */
    public BrokerOptions {
        listeners = List.copyOf(listeners);
    }
}
