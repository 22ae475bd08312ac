package io.redshank.acks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what happens elsewhere. */
final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private Eventually() {}

    static <T> void isEqual(Callable<T> actual, T expected) {
        Instant deadline = Instant.now().plus(PATIENCE);
        T seen = call(actual);
        while (!expected.equals(seen) && Instant.now().isBefore(deadline)) {
            LockSupport.parkNanos(5_000_000);
            seen = call(actual);
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static <T> T call(Callable<T> actual) {
        try {
            return actual.call();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
