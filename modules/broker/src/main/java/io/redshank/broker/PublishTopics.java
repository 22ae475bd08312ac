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
    private static final String STATUS = "$SYS";

    private final ClientId client;
    private final @Nullable String username;
    private final Rewriting rewriting;
    private final boolean delayedServed;
    private @Nullable String lastName;
    private @Nullable TopicName lastTopic;

    PublishTopics(ClientId client, @Nullable String username, BrokerInstance instance) {
        this.client = client;
        this.username = username;
        this.rewriting = instance.rewriting;
        this.delayedServed = instance.options.delayedServed();
    }

    /**
     * The topic under which a message goes on that was published under this name.
     *
     * @throws MalformedMqttException if the name is no topic
     * @throws TopicRefusedException if this client may not publish to it
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
        TopicName topic;
        TopicName target;
        try {
            topic = rewritten(asked);
            target = isDelayed(topic) ? DelayedTopic.of(topic).topic() : topic;
        } catch (MalformedMqttException malformed) {
            throw new TopicRefusedException(ReasonCode.TOPIC_NAME_INVALID, String.valueOf(malformed.getMessage()));
        }
        if (isStatus(target)) {
            throw new TopicRefusedException(ReasonCode.NOT_AUTHORIZED, "only the broker publishes to " + STATUS);
        }
        return topic;
    }

    /** The rules are for the topic that the message is published to in the end. */
    private TopicName rewritten(TopicName asked) {
        if (!isDelayed(asked)) {
            return rewriting.topic(asked, client, username);
        }
        DelayedTopic delayed = DelayedTopic.of(asked);
        return delayed.to(rewriting.topic(delayed.topic(), client, username)).name();
    }

    private boolean isDelayed(TopicName topic) {
        return delayedServed && DelayedTopic.is(topic);
    }

    /** Whether only the broker itself publishes to it: what clients are told there is to be true. */
    static boolean isStatus(TopicName topic) {
        String name = topic.value();
        return name.startsWith(STATUS) && (name.length() == STATUS.length() || name.charAt(STATUS.length()) == '/');
    }
}
