package io.redshank.broker;

/**
 * One address at which MQTT clients are served.
 *
 * @param host the address to bind
 * @param port the port, or a negative number for a free one that all instances share
 * @param transport what MQTT is spoken over there
 * @param connections which connections are let in
 * @param limits what one client may do and cost
 * @param hints what clients are told of this server
 * @param anonymousAllowed whether clients without a user name are let in although those with one are checked
 */
public record ListenerOptions(
        String host,
        int port,
        Transport transport,
        ConnectionLimits connections,
        ClientLimits limits,
        ServerHints hints,
        boolean anonymousAllowed) {}
