package io.redshank.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another process does in its own time: looks, again and again, for at most ten seconds. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_NANOS = 10_000_000;

    private Eventually() {}

    /** Returns when the condition holds; fails, naming what was waited for, when it does not in time. */
    public static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (isOver(start)) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    /** Returns when the assertions hold; fails as they do when they do not in time. */
    public static void asserted(Runnable assertions) {
        long start = System.nanoTime();
        while (true) {
            try {
                assertions.run();
                return;
            } catch (AssertionError notYet) {
                if (isOver(start)) {
                    throw notYet;
                }
                LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            }
        }
    }

    private static boolean isOver(long start) {
        return System.nanoTime() - start > PATIENCE.toNanos();
    }
}
