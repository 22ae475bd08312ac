package io.redshank.broker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One TCP listener for MQTT.
 *
 * @param host the address to bind
 * @param port the port, or a negative number for a free one that all instances share
 * @param connectTimeout how long a connection may take to send CONNECT
 * @param limits what its clients may do and cost
 * @param redirect where its clients are sent instead, and when
 * @param responseInformation what clients that ask for it are told to build their response topics on (MQTT 5, 3.2.2.3.14)
 */
public record ListenerOptions(
        String host,
        int port,
        Duration connectTimeout,
        ClientLimits limits,
        Redirect redirect,
        @Nullable String responseInformation) {}
