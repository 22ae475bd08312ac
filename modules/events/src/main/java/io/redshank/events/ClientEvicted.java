package io.redshank.events;

import io.redshank.model.ClientId;

/**
 * Another connection takes over this client id: the one of this epoch is to be closed. That it has ended, its {@link
 * ClientDisconnected} says, or {@link ClientReleased} if it is not known.
 */
public record ClientEvicted(ClientId client, long epoch) {}
