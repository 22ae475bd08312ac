package io.redshank.broker;

import io.redshank.broker.topics.Rewriting;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * The topics that one client publishes to, as they are after rewriting. Most clients publish to one topic again and again: it is
 * looked at once. Confined to the connection's event loop.
 */
final class PublishTopics {
    private final ClientId client;
    private final @Nullable String username;
    private final Rewriting rewriting;
    private final boolean delayedServed;
    private final PacketLimits limits;
    private @Nullable String lastName;
    private @Nullable TopicName lastTopic;

    PublishTopics(ClientId client, @Nullable String username, BrokerInstance instance, PacketLimits limits) {
        this.client = client;
        this.username = username;
        this.rewriting = instance.rewriting;
        this.delayedServed = instance.options.delayedServed();
        this.limits = limits;
    }

    /**
     * The topic under which a message goes on that was published under this name.
     *
     * @throws MalformedMqttException if the name is no topic
     * @throws RefusedPublishException if this client may not publish to it
     */
    TopicName of(String name) {
        TopicName topic = lastTopic;
        if (topic == null || !name.equals(lastName)) {
            topic = looked(new TopicName(name));
            lastName = name;
            lastTopic = topic;
        }
        return topic;
    }

    private TopicName looked(TopicName asked) {
        if (!limits.allowTopic(asked.value())) {
            throw RefusedPublishException.unwanted(ReasonCode.TOPIC_NAME_INVALID, "topic name too long or too deep");
        }
        TopicName topic = rewritten(asked);
        TopicName target = isDelayed(topic) ? delayed(topic).topic() : topic;
        if (StatusBoard.has(target)) {
            throw RefusedPublishException.forbidden(
                    ReasonCode.NOT_AUTHORIZED, "a topic that only the broker publishes to");
        }
        return topic;
    }

    /** The rules are for the topic that the message is published to in the end. */
    private TopicName rewritten(TopicName asked) {
        if (!isDelayed(asked)) {
            return byRules(asked);
        }
        DelayedTopic delayed = delayed(asked);
        return delayed.to(byRules(delayed.topic())).name();
    }

    private TopicName byRules(TopicName asked) {
        try {
            return rewriting.topic(asked, client, username);
        } catch (MalformedMqttException malformed) {
            throw RefusedPublishException.forbidden(
                    ReasonCode.TOPIC_NAME_INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    private static DelayedTopic delayed(TopicName name) {
        try {
            return DelayedTopic.of(name);
        } catch (MalformedMqttException malformed) {
            throw RefusedPublishException.unwanted(
                    ReasonCode.TOPIC_NAME_INVALID, String.valueOf(malformed.getMessage()));
        }
    }

    private boolean isDelayed(TopicName topic) {
        return delayedServed && DelayedTopic.is(topic);
    }
}
