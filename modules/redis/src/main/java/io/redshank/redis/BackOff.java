package io.redshank.redis;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: 50 ms, doubled up to 2 s, half of it random, so that links do not come in step. */
final class BackOff {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 2_000;

    private long ceiling = FIRST_MILLIS;

    long nextMillis() {
        long half = ceiling / 2;
        ceiling = Math.min(LAST_MILLIS, ceiling * 2);
        return half + ThreadLocalRandom.current().nextLong(half + 1);
    }

    void reset() {
        ceiling = FIRST_MILLIS;
    }
}
