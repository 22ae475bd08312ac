package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * A message has been written to a subscriber's connection.
 *
 * @param client the subscriber
 * @param millis when, in milliseconds since 1970
 */
public record MessageDelivered(
        ClientId client, @Nullable String username, TopicName topic, MessageId message, long millis)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + topic.value().length();
    }
}
