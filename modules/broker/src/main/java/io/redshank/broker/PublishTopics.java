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
    private final PacketLimits limits;
    private @Nullable String lastName;
    private @Nullable TopicName lastTopic;

    PublishTopics(ClientId client, @Nullable String username, Rewriting rewriting, PacketLimits limits) {
        this.client = client;
        this.username = username;
        this.rewriting = rewriting;
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
        TopicName topic;
        try {
            topic = rewriting.topic(asked, client, username);
        } catch (MalformedMqttException malformed) {
            throw RefusedPublishException.forbidden(
                    ReasonCode.TOPIC_NAME_INVALID, String.valueOf(malformed.getMessage()));
        }
        if (StatusBoard.has(topic)) {
            throw RefusedPublishException.forbidden(
                    ReasonCode.NOT_AUTHORIZED, "a topic that only the broker publishes to");
        }
        return topic;
    }
}
