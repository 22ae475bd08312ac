package io.redshank.broker;

import io.redshank.model.ExclusiveFilter;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/** Which filters of those that MQTT allows can be subscribed to here. */
final class FilterRules {
    private final SharedOptions options;

    FilterRules(SharedOptions options) {
        this.options = options;
    }

    /** Why a filter cannot be subscribed to, if that is so. */
    @Nullable
    ReasonCode refusalOf(TopicFilter filter) {
        if (!SubscriptionTree.takes(filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID;
        }
        if (!isWellFormed(filter)) {
            return ReasonCode.TOPIC_FILTER_INVALID; // [MQTT-4.8.2-1, -2]
        }
        if (SharedFilter.isOne(filter) && !options.shared()) {
            return ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        return ExclusiveFilter.isOne(filter) && !options.exclusive() ? ReasonCode.TOPIC_FILTER_INVALID : null;
    }

    private static boolean isWellFormed(TopicFilter filter) {
        try {
            Object parts = SharedFilter.isOne(filter)
                    ? SharedFilter.of(filter)
                    : ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter) : filter;
            return parts != null;
        } catch (MalformedMqttException malformed) {
            return false;
        }
    }
}
