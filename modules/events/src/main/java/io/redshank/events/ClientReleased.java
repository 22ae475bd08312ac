package io.redshank.events;

import io.redshank.model.ClientId;

/** The claim of this epoch is given up: no connection has come of it, or none that is known any more. */
public record ClientReleased(ClientId client, long epoch) {}
