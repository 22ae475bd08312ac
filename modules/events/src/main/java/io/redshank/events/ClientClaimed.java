package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;

/**
 * A broker instance wants to serve a client id; whoever served it before is told to {@linkplain ClientEvicted let go} first. Ends by
 * exactly one {@link ClientDisconnected} or {@link ClientReleased}.
 *
 * @param node the node of the broker instance
 * @param incarnation that of this run of the node
 * @param instance the number of the broker instance on its node
 */
public record ClientClaimed(ClientId client, NodeName node, long incarnation, int instance) {}
