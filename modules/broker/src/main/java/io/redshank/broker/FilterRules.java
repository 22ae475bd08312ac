package io.redshank.broker;

import io.redshank.broker.topics.TopicRules;
import io.redshank.model.ExclusiveFilter;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/** Which filters of those that MQTT allows can be subscribed to here. */
final class FilterRules {
    private final SharedOptions options;
    private final TopicRules topics;

    FilterRules(SharedOptions options, TopicRules topics) {
        this.options = options;
        this.topics = topics;
    }

    /** Why a filter cannot be subscribed to, if that is so. */
    @Nullable
    ReasonCode refusalOf(TopicFilter filter) {
        TopicFilter plain = plainOrNull(filter);
        if (plain == null || !SubscriptionTree.takes(plain)) {
            return ReasonCode.TOPIC_FILTER_INVALID; // [MQTT-4.8.2-1, -2]
        }
        if (SharedFilter.isOne(filter) && !options.shared()) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (ExclusiveFilter.isOne(filter) && !options.exclusive()) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        return topics.refuses(filter) || topics.refuses(plain) ? ReasonCode.NOT_AUTHORIZED : null;
    }

    /** The filter that topics are compared with; null if this one is not well-formed. */
    private static @Nullable TopicFilter plainOrNull(TopicFilter filter) {
        try {
            if (SharedFilter.isOne(filter)) {
                return SharedFilter.of(filter).topics();
            }
            return ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter).topics() : filter;
        } catch (MalformedMqttException malformed) {
            return null;
        }
    }
}
