package io.redshank.bench;

import java.time.Duration;

/**
 * What the load generator itself may take.
 *
 * @param threads how many loops serve the groups
 * @param gather how long packets gather before a loop serves them together
 */
record Effort(int threads, Duration gather) {
    Effort {
        if (threads < 1 || gather.isNegative()) {
            throw new IllegalArgumentException("--threads must be at least 1, and --gather not negative");
        }
    }
}
