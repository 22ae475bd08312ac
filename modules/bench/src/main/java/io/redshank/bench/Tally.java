package io.redshank.bench;

/**
 * What a group or all of them came to. Deliveries and latencies are those of the measured phase; what went wrong counts from
 * the first message on, for a warm-up is no excuse.
 */
final class Tally {
    long published;
    long delivered;
    long lost;
    long duplicated;
    long misordered;
    long unacknowledged;
    long foreign;
    long lastProgressNanos = Long.MIN_VALUE;
    final LatencyHistogram latency = new LatencyHistogram();

    void add(Tally other) {
        published += other.published;
        delivered += other.delivered;
        lost += other.lost;
        duplicated += other.duplicated;
        misordered += other.misordered;
        unacknowledged += other.unacknowledged;
        foreign += other.foreign;
        lastProgressNanos = Math.max(lastProgressNanos, other.lastProgressNanos);
        latency.add(other.latency);
    }

    /** Whether the broker kept what MQTT promises; at QoS 1, and there only, it may deliver twice. */
    boolean isClean(int qos) {
        return lost == 0 && misordered == 0 && unacknowledged == 0 && (qos == 1 || duplicated == 0);
    }
}
