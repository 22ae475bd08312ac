package io.redshank.events;

import io.redshank.model.Underway;
import java.util.List;

/**
 * What a session that persists remembers beside its subscriptions, from one connection to the next.
 *
 * @param caughtUpMillis what was stored before this time, in milliseconds since 1970, has been sent; 0 if that is not known
 * @param outbound what was sent to the client and is not settled, in the order it was sent
 * @param inbound the client's QoS 2 messages that wait for PUBREL
 */
public record SessionMemory(long caughtUpMillis, List<Underway> outbound, List<Received> inbound) {
    /** Nothing is remembered. */
    public static final SessionMemory NONE = new SessionMemory(0, List.of(), List.of());

    /** Keeps copies of the lists. */
    public SessionMemory {
        outbound = List.copyOf(outbound);
        inbound = List.copyOf(inbound);
    }
}
