package io.redshank.bench;

import java.time.Duration;

/**
 * How long it goes on.
 *
 * @param messages how many are published in all; 0 means as many as fit into {@code length}
 * @param length how long messages are published, unless they are counted
 * @param warmUp how long before that messages are published that do not count
 * @param stall how long nothing may arrive before what is outstanding is given up as lost
 * @param timeout when the whole run fails
 */
record Timing(long messages, Duration length, Duration warmUp, Duration stall, Duration timeout) {
    Timing {
        if (messages < 0 || length.isNegative() || warmUp.isNegative()) {
            throw new IllegalArgumentException("--messages, --seconds and --warmup must not be negative");
        }
        if (stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("--stall must be positive");
        }
        if (warmUp.plus(messages > 0 ? Duration.ZERO : length).compareTo(timeout) >= 0) {
            throw new IllegalArgumentException("--timeout must be longer than --warmup and --seconds together");
        }
    }

    /** Whether the number of messages is given, not the time. */
    boolean counted() {
        return messages > 0;
    }
}
