package io.redshank.broker;

import java.time.Duration;

/**
 * Which connections a listener lets in.
 *
 * @param connectTimeout how long a connection may take to send CONNECT, with all handshakes before it
 * @param maxConnections how many may be open at once
 * @param maxPerAddress how many of them may come from one address; addresses of IPv6 count by their first 64 bits
 * @param perSecond how many may come within a second
 */
public record ConnectionLimits(Duration connectTimeout, int maxConnections, int maxPerAddress, int perSecond) {
    /** A number that is no limit. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Only the time is limited. */
    public static ConnectionLimits within(Duration connectTimeout) {
        return new ConnectionLimits(connectTimeout, UNLIMITED, UNLIMITED, UNLIMITED);
    }
}
