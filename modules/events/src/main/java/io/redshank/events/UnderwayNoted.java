package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Underway;
import org.jspecify.annotations.Nullable;

/**
 * A QoS 2 message is about to be sent to a client whose session persists, or has come to it: that is to survive the node. Sent
 * before PUBLISH, and before PUBREL.
 *
 * @param claim if the message is one of a shared subscription, which may have been given to another member: then this fails as {@link
 *     EventFailure#TAKEN}, or as {@link EventFailure#REFUSED} if the owner that gave it is not the owner any more
 */
public record UnderwayNoted(
        ClientId client, Underway underway, @Nullable ShareClaim claim) {}
