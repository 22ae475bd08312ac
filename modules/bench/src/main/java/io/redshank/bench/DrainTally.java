package io.redshank.bench;

/** What all sessions of a drain came to. */
final class DrainTally {
    /** Sessions that have had everything. */
    long drained;

    /** Sessions that the broker did not know any more when they came back. */
    long forgotten;

    long delivered;
    long lost;
    long duplicated;
    long misordered;
    long foreign;

    /** From a session's connection until its last message. */
    final LatencyHistogram time = new LatencyHistogram();

    /** Whether the broker kept what MQTT promises; at QoS 1, and there only, it may deliver twice. */
    boolean isClean(int qos) {
        return forgotten == 0 && lost == 0 && misordered == 0 && (qos == 1 || duplicated == 0);
    }
}
