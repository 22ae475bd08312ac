package io.redshank.broker;

import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.time.Duration;
import java.util.List;

/**
 * Which events anybody wants, so that none is sent where nobody listens.
 *
 * @param publishedAtQos0 topics whose QoS 0 messages somebody wants to know of
 * @param delivered topics whose deliveries somebody wants to know of
 * @param acked topics whose acknowledgements somebody wants to know of
 * @param backlog subscriptions that are given what the logs hold
 * @param leased queues whose messages go to one client at a time
 */
public record Interest(
        List<TopicFilter> publishedAtQos0,
        List<TopicFilter> delivered,
        List<TopicFilter> acked,
        List<TopicFilter> backlog,
        List<Leased> leased) {
    /**
     * Queues whose messages go to one client at a time.
     *
     * @param lease how long a client has a message to itself
     */
    public record Leased(TopicFilter topics, Duration lease) {}

    /** Without such queues. */
    public Interest(
            List<TopicFilter> publishedAtQos0,
            List<TopicFilter> delivered,
            List<TopicFilter> acked,
            List<TopicFilter> backlog) {
        this(publishedAtQos0, delivered, acked, backlog, List.of());
    }

    /** Keeps copies of the lists. */
    public Interest {
        publishedAtQos0 = List.copyOf(publishedAtQos0);
        delivered = List.copyOf(delivered);
        acked = List.copyOf(acked);
        backlog = List.copyOf(backlog);
        leased = List.copyOf(leased);
    }

    static boolean in(List<TopicFilter> filters, TopicName topic) {
        for (int i = 0; i < filters.size(); i++) {
            if (filters.get(i).matches(topic)) {
                return true;
            }
        }
        return false;
    }

    boolean wantsBacklog(TopicFilter subscription) {
        return backlog.stream().anyMatch(filter -> filter.covers(subscription));
    }
}
