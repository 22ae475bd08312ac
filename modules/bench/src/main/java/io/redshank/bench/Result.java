package io.redshank.bench;

/**
 * The figures of a run.
 *
 * @param settled whether every message came to its end; if not, the run was broken off when nothing moved any more
 * @param elapsedNanos from the first message until the last one settled
 * @param cpu the CPU time used meanwhile
 */
record Result(Traffic traffic, boolean settled, long elapsedNanos, Tally tally, CpuShare cpu) {
    boolean isClean() {
        return settled && tally.isClean(traffic.qos());
    }

    /** Messages handed to subscribers. */
    double deliveredPerSecond() {
        return tally.delivered * 1e9 / elapsedNanos;
    }

    double publishedPerSecond() {
        return tally.published * 1e9 / elapsedNanos;
    }

    /** Payload handed to subscribers. */
    double megabytesPerSecond() {
        return deliveredPerSecond() * traffic.size() / 1e6;
    }
}
