package io.redshank.acks;

import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.redis.TimestampUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one hook entry has to do for one event; its commands are made when they are sent, because many may wait. */
record Chore(
        HookEntry entry, ClientId client, @Nullable String username, TopicName topic, MessageId message, long millis) {
    static Chore of(HookEntry entry, MessageAcked event) {
        return new Chore(entry, event.client(), event.username(), event.topic(), event.message(), event.millis());
    }

    static Chore of(HookEntry entry, MessageDelivered event) {
        return new Chore(entry, event.client(), event.username(), event.topic(), event.message(), event.millis());
    }

    HookVariables variables(TimestampUnit unit) {
        return HookVariables.ofDelivery(
                message, topic, client, Objects.requireNonNullElse(username, ""), unit.of(millis));
    }
}
