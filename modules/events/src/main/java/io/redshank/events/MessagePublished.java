package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import org.jspecify.annotations.Nullable;

/**
 * A client has sent a message. At QoS 1 and 2 its acknowledgement waits for the answer: the id under which it is kept.
 *
 * @param resent whether the same event may have been sent before, so that it may be stored already
 */
public record MessagePublished(Message message, @Nullable String username, boolean resent) implements LifecycleEvent {
    @Override
    public ClientId client() {
        return message.from();
    }
}
