package io.redshank.admin;

import io.redshank.model.ExclusiveFilter;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that takes in a topic.
 *
 * @param whole as it is written
 * @param topics what the topics of messages are compared with
 * @param own whether the client itself has asked for it, and not only an application
 */
record Match(TopicFilter whole, TopicFilter topics, int qos, boolean own) {
    /** The subscription, if it takes in the topic; null if it does not. */
    static @Nullable Match of(String filter, String qos, boolean own, TopicName topic) {
        TopicFilter whole = Names.filter(filter);
        if (whole == null) {
            return null;
        }
        try {
            TopicFilter topics = SharedFilter.isOne(whole)
                    ? SharedFilter.of(whole).topics()
                    : ExclusiveFilter.isOne(whole) ? ExclusiveFilter.of(whole).topics() : whole;
            int level = (int) Math.max(0, Math.min(2, Names.number(qos, 0)));
            return topics.matches(topic) ? new Match(whole, topics, level, own) : null;
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }

    boolean isShared() {
        return SharedFilter.isOne(whole);
    }

    boolean isExclusive() {
        return ExclusiveFilter.isOne(whole);
    }

    /** Whether what it missed is read from the log, by a bookmark: not for a shared one. */
    boolean isRead() {
        return !isShared();
    }

    boolean isExact() {
        return !topics.hasWildcard();
    }
}
