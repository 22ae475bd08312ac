package io.redshank.bench;

/**
 * The figures of a drain.
 *
 * @param tag the number of the run, which is in each topic and client id
 * @param settled whether every session had its backlog; if not, the run was broken off when nothing came any more
 * @param times how long each step took
 * @param cpu the CPU time used in the drain
 */
record DrainResult(
        DrainPlan plan, DrainPace pace, int tag, boolean settled, Times times, DrainTally tally, CpuShare cpu) {
    boolean isClean() {
        return settled && tally.isClean(plan.qos());
    }

    /** Whether all came back before any left. */
    boolean allTogether() {
        return plan.sessions() <= pace.open();
    }

    double sessionsPerSecond() {
        return tally.drained / times.drain();
    }

    double messagesPerSecond() {
        return tally.delivered / times.drain();
    }

    /**
     * The seconds of the steps.
     *
     * @param drain from the first session's return until the last message came
     * @param end 0 if the sessions were left to the broker
     */
    record Times(double subscribe, double publish, double drain, double end) {}
}
