package io.redshank.bench;

/** Latencies on a logarithmic scale: 64 steps for each power of two, so a quantile is at most 1.6 % too high. */
final class LatencyHistogram {
    private static final int STEP_BITS = 6;
    private static final int STEPS = 1 << STEP_BITS;

    private final long[] counts = new long[(64 - STEP_BITS) * STEPS];
    private long total;
    private long max;

    void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucket(value)]++;
        total++;
        max = Math.max(max, value);
    }

    void add(LatencyHistogram other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
        max = Math.max(max, other.max);
    }

    /** The latency that this share (0..1) of the messages did not exceed; 0 if there were none. */
    long quantile(double share) {
        long wanted = Math.max(1, (long) Math.ceil(share * total));
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                return Math.min(max, highestOf(i));
            }
        }
        return max;
    }

    long max() {
        return max;
    }

    /** Values below 64 have a bucket each; above, the six bits after the highest one choose the step. */
    private static int bucket(long value) {
        if (value < STEPS) {
            return (int) value;
        }
        int shift = 63 - STEP_BITS - Long.numberOfLeadingZeros(value);
        return (shift << STEP_BITS) + (int) (value >>> shift);
    }

    private static long highestOf(int bucket) {
        if (bucket < 2 * STEPS) {
            return bucket;
        }
        int shift = (bucket >> STEP_BITS) - 1;
        long step = (bucket & STEPS - 1) + STEPS;
        return (step + 1 << shift) - 1;
    }
}
