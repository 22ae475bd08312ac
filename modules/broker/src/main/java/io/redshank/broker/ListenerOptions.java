package io.redshank.broker;

import java.time.Duration;

/**
 * One TCP listener for MQTT.
 *
 * @param host the address to bind
 * @param port the port, or a negative number for a free one that all instances share
 * @param maxPacketSize the largest packet taken from a client, in bytes
 * @param maxClientIdLength the longest client id, in characters
 * @param connectTimeout how long a connection may take to send CONNECT
 * @param receiveMaximum how many QoS 1 and 2 messages of one client may be unacknowledged at once, 1 to 65535
 * @param anonymousAllowed whether clients without a user name are let in although those with one are checked
 */
public record ListenerOptions(
        String host,
        int port,
        int maxPacketSize,
        int maxClientIdLength,
        Duration connectTimeout,
        int receiveMaximum,
        boolean anonymousAllowed) {}
