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
    private final PacketLimits limits;

    /** Why a filter is refused, in MQTT 5's terms and in words. */
    record Refusal(ReasonCode reason, String why) {}

    FilterRules(SharedOptions options, TopicRules topics, PacketLimits limits) {
        this.options = options;
        this.topics = topics;
        this.limits = limits;
    }

    /** Why a filter cannot be subscribed to, if that is so. */
    @Nullable
    Refusal refusalOf(TopicFilter filter) {
        TopicFilter plain;
        try {
            plain = plain(filter);
        } catch (MalformedMqttException malformed) { // [MQTT-4.8.2-1, -2]
            return new Refusal(ReasonCode.TOPIC_FILTER_INVALID, "not a topic filter");
        }
        if (!limits.allowTopic(plain.value()) || !SubscriptionTree.takes(plain)) {
            return new Refusal(ReasonCode.TOPIC_FILTER_INVALID, "topic filter too long or too deep");
        }
        if (SharedFilter.isOne(filter) && !options.shared()) {
            return new Refusal(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED, "no shared subscriptions");
        }
        if (ExclusiveFilter.isOne(filter) && !options.exclusive()) {
            return new Refusal(ReasonCode.TOPIC_FILTER_INVALID, "no exclusive subscriptions");
        }
        return topics.refuses(filter) || topics.refuses(plain)
                ? new Refusal(ReasonCode.UNSPECIFIED_ERROR, "nobody may subscribe to this filter")
                : null;
    }

    /** The filter that topics are compared with. */
    private static TopicFilter plain(TopicFilter filter) {
        if (SharedFilter.isOne(filter)) {
            return SharedFilter.of(filter).topics();
        }
        return ExclusiveFilter.isOne(filter) ? ExclusiveFilter.of(filter).topics() : filter;
    }
}
