package io.redshank.broker;

import io.redshank.broker.RefusedConnectException.Refusal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one listener, over all event loops of the node, and says which of them are too many.
 *
 * <p>A connection that is too many keeps its place among the refused until it has sent its CONNECT and can be told why. So that
 * a flood costs next to nothing, there are only so many of those places, and so many of them are given in a second: what
 * comes beyond that is closed as it comes. Refused connections take no place from those that are let in.
 */
final class Admission {
    private static final int MOST_REFUSED_AT_ONCE = 1000;
    private static final int REFUSED_PER_SECOND = 1000;
    private static final int REFUSED_PER_SECOND_WITH_TLS = 100; // each costs a handshake

    private static final int IPV6_BYTES = 16;
    private static final int NETWORK_BYTES = 8;

    private final ConnectionLimits limits;
    private final Pace arrivals;
    private final Pace refusals;
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    Admission(ConnectionLimits limits, boolean tls) {
        long now = System.nanoTime();
        this.limits = limits;
        this.arrivals = new Pace(limits.perSecond(), now);
        this.refusals = new Pace(tls ? REFUSED_PER_SECOND_WITH_TLS : REFUSED_PER_SECOND, now);
    }

    /** A connection has come. What is answered has to be {@linkplain Place#leave left} when the connection ends. */
    Place arrive() {
        Place place = new Place();
        if (!arrivals.allows(System.nanoTime())) {
            place.refuse(Refusal.CONNECTION_RATE);
        } else if (!takeOne(admitted, limits.maxConnections())) {
            place.refuse(Refusal.BUSY);
        } else {
            place.counted = admitted;
        }
        return place;
    }

    /** How many connections are let in and not gone. */
    int admitted() {
        return admitted.get();
    }

    /** How many refused connections are not gone. */
    int refused() {
        return refused.get();
    }

    /** How many addresses have connections. */
    int addresses() {
        return byAddress.size();
    }

    private static boolean takeOne(AtomicInteger count, int most) {
        while (true) {
            int now = count.get();
            if (now >= most) {
                return false;
            }
            if (count.compareAndSet(now, now + 1)) {
                return true;
            }
        }
    }

    /** Who has one address of IPv6 has 64 bits of them. */
    static InetAddress network(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != IPV6_BYTES) {
            return address;
        }
        Arrays.fill(bytes, NETWORK_BYTES, IPV6_BYTES, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException wrongLength) {
            throw new IllegalArgumentException(wrongLength);
        }
    }

    /** The place of one connection. Confined to the connection's event loop. */
    final class Place {
        private @Nullable AtomicInteger counted;
        private @Nullable InetAddress network;
        private @Nullable Refusal refusal;
        private boolean left;

        private Place() {}

        /** Why the connection's CONNECT will be refused; null if it will not. */
        @Nullable
        Refusal refusal() {
            return refusal;
        }

        /** Whether the connection is closed without a word. */
        boolean isTurnedAway() {
            return counted == null;
        }

        /** It has become known where the connection comes from. */
        void comesFrom(InetAddress address) {
            boolean irrelevant = limits.maxPerAddress() == ConnectionLimits.UNLIMITED || refusal != null;
            if (irrelevant || left || network != null) {
                return;
            }
            InetAddress key = network(address);
            network = key;
            if (byAddress.merge(key, 1, Integer::sum) > limits.maxPerAddress()) {
                giveBack();
                refuse(Refusal.QUOTA);
            }
        }

        private void refuse(Refusal why) {
            refusal = why;
            boolean mayWait = refusals.allows(System.nanoTime()) && takeOne(refused, MOST_REFUSED_AT_ONCE);
            counted = mayWait ? refused : null;
        }

        /** The connection has ended. May be repeated. */
        void leave() {
            left = true;
            giveBack();
        }

        private void giveBack() {
            if (counted != null) {
                counted.decrementAndGet();
                counted = null;
            }
            if (network != null) {
                byAddress.computeIfPresent(network, (key, count) -> count == 1 ? null : count - 1);
                network = null;
            }
        }
    }
}
