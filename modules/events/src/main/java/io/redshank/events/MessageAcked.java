package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber has acknowledged a message: PUBACK at QoS 1, PUBREC at QoS 2.
 *
 * @param client the subscriber
 * @param bookmark up to where this client has now acknowledged everything delivered on the topic; null if that did not move
 * @param persists whether the subscriber's session outlives its connection
 * @param millis when, in milliseconds since 1970
 * @param again whether the same may have been told before the node that served the client was killed, so that the bookmark may
 *     be further on already
 */
public record MessageAcked(
        ClientId client,
        @Nullable String username,
        TopicName topic,
        MessageId message,
        @Nullable MessageId bookmark,
        boolean persists,
        long millis,
        boolean again)
        implements LifecycleEvent {
    @Override
    public long weight() {
        return Weight.of(client, username) + topic.value().length();
    }
}
