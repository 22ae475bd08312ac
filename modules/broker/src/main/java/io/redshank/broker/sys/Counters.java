package io.redshank.broker.sys;

import io.redshank.events.Count;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What one broker instance has counted since it started. Confined to its event loop, so that to count is to add. */
public final class Counters {
    private static final Set<Count> OTHERS = EnumSet.of(
            Count.BYTES_RECEIVED,
            Count.BYTES_SENT,
            Count.PAYLOAD_RECEIVED,
            Count.PAYLOAD_SENT,
            Count.MESSAGES_DROPPED,
            Count.SOCKETS_OPENED);

    private final long[] values = new long[Count.Codes.END];

    /** So many more. */
    public void add(Count count, long more) {
        values[count.code()] += more;
    }

    /** A packet of this type, 1 to 15, has come from a client. */
    public void received(int packetType) {
        values[Count.Codes.RECEIVED | packetType]++;
    }

    /** A packet of this type, 1 to 15, goes to a client. */
    public void sent(int packetType) {
        values[Count.Codes.SENT | packetType]++;
    }

    /** The totals of all that is counted here, up to now. */
    public Map<Count, Long> totals() {
        Map<Count, Long> totals = new EnumMap<>(Count.class);
        Stream.of(Count.packetsReceived(), Count.packetsSent(), OTHERS)
                .flatMap(Collection::stream)
                .forEach(count -> totals.put(count, values[count.code()]));
        return totals;
    }
}
