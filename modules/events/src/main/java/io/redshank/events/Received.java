package io.redshank.events;

import io.redshank.model.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A message that a client has sent at QoS 2 and has not released.
 *
 * @param packetId the one it was sent with
 * @param id the one under which it is stored, or was about to be; null if that is not known any more
 * @param stored whether it is stored for certain; if not, it is when its log has the id
 */
public record Received(int packetId, @Nullable MessageId id, boolean stored) {}
