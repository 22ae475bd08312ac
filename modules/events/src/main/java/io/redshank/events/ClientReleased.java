package io.redshank.events;

import io.redshank.model.ClientId;

/** The connection of this epoch no longer serves its client id. */
public record ClientReleased(ClientId client, long epoch) {}
