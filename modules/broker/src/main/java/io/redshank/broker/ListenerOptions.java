package io.redshank.broker;

/**
 * One address at which MQTT clients are served.
 *
 * @param host the address to bind
 * @param port the port, or a negative number for a free one that all instances share
 * @param transport what MQTT is spoken over there
 * @param connections which connections are let in
 * @param packets what one client may send
 */
public record ListenerOptions(
        String host, int port, Transport transport, ConnectionLimits connections, PacketLimits packets) {}
