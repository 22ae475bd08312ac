package io.redshank.events;

import io.redshank.model.ClientId;

/**
 * A broker instance wants to serve a client id; whoever served it before is told to {@linkplain ClientEvicted let go} first.
 * The answer is the epoch of the new connection.
 *
 * @param instance the number of the broker instance on its node
 */
public record ClientClaimed(ClientId client, int instance) {}
