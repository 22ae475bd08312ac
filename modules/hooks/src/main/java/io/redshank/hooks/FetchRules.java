package io.redshank.hooks;

import java.time.Duration;

/**
 * How much of a log a client is given when it is read for it.
 *
 * @param first of a log in which it has no bookmark yet
 * @param each at any time
 * @param lease how long what one client is given of a log is not given to others; zero if it is given to all
 */
public record FetchRules(LogWindow first, LogWindow each, Duration lease) {
    /** As the original did: a first-time subscriber gets no history, and whoever has a bookmark all that is behind it. */
    public static final FetchRules PLAIN = new FetchRules(LogWindow.NOTHING, LogWindow.EVERYTHING);

    /** Without leases. */
    public FetchRules(LogWindow first, LogWindow each) {
        this(first, each, Duration.ZERO);
    }

    /** Whether what a client is given is kept from others for a while. */
    public boolean leases() {
        return !lease.isZero();
    }
}
