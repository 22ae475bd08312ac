package io.redshank.broker;

import org.jspecify.annotations.Nullable;

/**
 * What clients of a listener are told of this server.
 *
 * @param redirect where they are sent instead, and when
 * @param responseInformation what those who ask for it may build their response topics on (MQTT 5, 3.2.2.3.14)
 */
public record ServerHints(Redirect redirect, @Nullable String responseInformation) {
    /** Nothing. */
    public static final ServerHints NONE = new ServerHints(Redirect.NOWHERE, null);
}
