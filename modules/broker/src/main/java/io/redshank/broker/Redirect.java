package io.redshank.broker;

import org.jspecify.annotations.Nullable;

/**
 * Where clients are sent instead (MQTT 5, 4.11).
 *
 * @param serverReference the other server, as clients are to know it; null if there is none
 * @param when for which clients
 */
public record Redirect(@Nullable String serverReference, When when) {
    /** No other server. */
    public static final Redirect NOWHERE = new Redirect(null, When.STOPPING);

    /** When clients are sent to the other server. */
    public enum When {
        /** When this one stops: those that are connected then. */
        STOPPING,
        /** Whenever one connects, for this time. */
        TEMPORARILY,
        /** Whenever one connects, for ever. */
        PERMANENTLY
    }
}
