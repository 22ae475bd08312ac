package io.redshank.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits for what another process does in its own time: looks, again and again, for at most half a minute. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
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

    /** Returns when this has the expected value; fails with the last one when it does not in time. */
    public static <T> void isEqual(Callable<T> actual, @Nullable Object expected) {
        asserted(() -> assertThat(call(actual)).isEqualTo(expected));
    }

    /** Returns when this is true; fails when it is not in time. */
    public static void isTrue(Callable<Boolean> condition) {
        isEqual(condition, true);
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

    private static <T> @Nullable T call(Callable<T> actual) {
        try {
            return actual.call();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    private static boolean isOver(long start) {
        return System.nanoTime() - start > PATIENCE.toNanos();
    }
}
