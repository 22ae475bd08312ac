package io.redshank.events;

import io.redshank.model.ClientId;

/** A client whose session persists has released a message that it sent at QoS 2: its packet id may stand for another one. */
public record PacketIdReleased(ClientId client, int packetId) {}
