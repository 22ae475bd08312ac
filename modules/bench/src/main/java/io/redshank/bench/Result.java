package io.redshank.bench;

import java.util.Map;

/**
 * The figures of a run.
 *
 * @param settled whether every message came to its end; if not, the run was broken off when nothing moved any more
 * @param elapsedNanos from the first message until the last one settled
 * @param cpuMicros the CPU time used meanwhile, by process id, our own included
 */
record Result(Traffic traffic, boolean settled, long elapsedNanos, Tally tally, Map<Long, Long> cpuMicros) {
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

    /** Whether that process is ourselves, not one that was asked for. */
    boolean isOwn(long pid) {
        return pid == ProcessHandle.current().pid();
    }

    /** A process' CPU time for each message handed to a subscriber. */
    double cpuMicrosPerMessage(long pid) {
        return (double) cpuMicros.getOrDefault(pid, 0L) / Math.max(1, tally.delivered);
    }
}
