package io.redshank.bench;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where the clients connect: publishers to the nodes in turn, and subscribers likewise.
 *
 * @param addresses the nodes of one broker; at least one
 * @param hop how many places further in the list than its publisher's a subscriber's node is
 */
record Brokers(List<InetSocketAddress> addresses, int hop) {
    Brokers {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty() || hop < 0) {
            throw new IllegalArgumentException("--port must name a port, and --hop must not be negative");
        }
    }

    /** The node of the publisher of this number. */
    InetSocketAddress ofPublisher(int number) {
        return addresses.get(number % addresses.size());
    }

    /** The node of the subscriber of this number. */
    InetSocketAddress ofSubscriber(int number) {
        return addresses.get((number + hop) % addresses.size());
    }

    /** The only one there is. */
    InetSocketAddress single() {
        if (addresses.size() > 1) {
            throw new IllegalArgumentException("this command takes one --port");
        }
        return addresses.get(0);
    }
}
