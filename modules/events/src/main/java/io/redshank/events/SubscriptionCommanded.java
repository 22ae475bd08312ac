package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import org.jspecify.annotations.Nullable;

/**
 * An application wants a live client to be subscribed, or not to be any more. The answer tells whether the client is live.
 *
 * @param qos the quality wanted; null to unsubscribe
 */
public record SubscriptionCommanded(
        ClientId client, TopicFilter filter, @Nullable Qos qos) {}
