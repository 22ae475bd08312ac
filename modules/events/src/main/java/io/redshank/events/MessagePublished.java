package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import org.jspecify.annotations.Nullable;

/**
 * A client has sent a message. At QoS 1 and 2 its acknowledgement waits for the answer: the id under which it is kept.
 *
 * @param packetId of a QoS 2 message of a session that persists, which is remembered with it; 0 for any other
 * @param resent whether the same event may have been sent before, so that it may be stored already
 */
public record MessagePublished(Message message, @Nullable String username, int packetId, boolean resent)
        implements LifecycleEvent {
    /** One of which nothing else is to be remembered. */
    public MessagePublished(Message message, @Nullable String username, boolean resent) {
        this(message, username, 0, resent);
    }

    @Override
    public ClientId client() {
        return message.from();
    }

    @Override
    public long weight() {
        return Weight.of(client(), username) + Weight.of(message);
    }
}
