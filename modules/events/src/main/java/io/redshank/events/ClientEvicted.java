package io.redshank.events;

import io.redshank.model.ClientId;

/**
 * Another connection takes over this client id: the one of this epoch is to be closed. That its end has been told,
 * {@link ClientReleased} says.
 */
public record ClientEvicted(ClientId client, long epoch) {}
