package io.redshank.events;

import io.redshank.model.ClientId;

/**
 * Another connection takes over this client id: the one of this epoch is to be closed. Answered when its end has been told.
 */
public record ClientEvicted(ClientId client, long epoch) {}
