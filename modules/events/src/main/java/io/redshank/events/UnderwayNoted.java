package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Underway;

/**
 * A QoS 2 message is about to be sent to a client whose session persists, or has come to it: that is to survive the node. Sent
 * before PUBLISH, and before PUBREL.
 */
public record UnderwayNoted(ClientId client, Underway underway) {}
