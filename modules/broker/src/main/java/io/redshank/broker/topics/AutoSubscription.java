package io.redshank.broker.topics;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/** What each client that connects is subscribed to without asking. */
public record AutoSubscription(TopicTemplate topic, Qos qos, SubscriptionOptions options) {
    private static final String SOMEBODY = "somebody";

    /** Rejects a topic that makes no topic filter, whatever the client's name. */
    public AutoSubscription {
        try {
            TopicFilter unused = filter(topic, new ClientId(SOMEBODY), SOMEBODY);
        } catch (MalformedMqttException malformed) {
            throw new InvalidRuleException(String.valueOf(malformed.getMessage()));
        }
    }

    /** Whether it can be made for a client of this user name. */
    boolean isFor(@Nullable String username) {
        return !topic.namesTheUser() || (username != null && !username.isEmpty());
    }

    /** The subscription of one client; throws {@link MalformedMqttException} if its name makes no topic filter. */
    Subscription of(ClientId client, @Nullable String username) {
        return new Subscription(filter(topic, client, username), qos, options);
    }

    private static TopicFilter filter(TopicTemplate topic, ClientId client, @Nullable String username) {
        return new TopicFilter(topic.filled(client, username, group -> null));
    }
}
