package io.redshank.events;

import io.redshank.model.Message;
import io.redshank.model.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A message is to be routed now: at QoS 0 at once, above that once it is stored. Goes to every broker instance; for one topic
 * in the order of its log.
 *
 * @param previous the id before this one in the topic's log; null if it is the first, or not stored
 * @param stored whether it is in the topic's log
 * @param again whether it may have been routed before: its publisher, or a node, has sent it again
 */
public record MessageAccepted(Message message, @Nullable MessageId previous, boolean stored, boolean again) {
    /** One that has not been routed before. */
    public MessageAccepted(Message message, @Nullable MessageId previous, boolean stored) {
        this(message, previous, stored, false);
    }
}
