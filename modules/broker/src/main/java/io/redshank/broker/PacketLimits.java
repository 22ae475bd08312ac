package io.redshank.broker;

/**
 * What one client of a listener may send.
 *
 * @param maxPacketSize the largest packet taken from a client, in bytes
 * @param maxClientIdLength the longest client id, in characters
 * @param receiveMaximum how many QoS 1 and 2 messages of one client may be unacknowledged at once, 1 to 65535
 */
public record PacketLimits(int maxPacketSize, int maxClientIdLength, int receiveMaximum) {}
