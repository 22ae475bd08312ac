package io.redshank.bench;

import java.time.Duration;

/**
 * How fast it goes, and when it ends.
 *
 * @param atOnce how many connections may be being opened
 * @param open how many connections there may be; with more sessions than that, each leaves once it has drained
 * @param stall how long nothing may arrive before what is outstanding is given up as lost
 * @param timeout when the whole run fails
 * @param keep whether the sessions are left to the broker
 */
record DrainPace(int atOnce, int open, Duration stall, Duration timeout, boolean keep) {
    DrainPace {
        if (atOnce < 1) {
            throw new IllegalArgumentException("--at-once must be at least 1");
        }
        if (open < 1 || open > OpenFiles.mostConnections()) {
            throw new IllegalArgumentException("--open must be from 1 to " + OpenFiles.mostConnections()
                    + ", for this process may open no more than " + OpenFiles.limit() + " files (ulimit -n)");
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("--stall must be positive");
        }
        if (stall.compareTo(timeout) >= 0) {
            throw new IllegalArgumentException("--timeout must be longer than --stall");
        }
    }
}
