package io.redshank.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The time that a run has in all, which begins with this object: how the run's own thread waits. */
final class Patience {
    private final Duration timeout;
    private final long deadline;

    Patience(Duration timeout) {
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /** Whether it was done in this time. Fails with what befell the loops, or when the run has used up its time. */
    boolean waitFor(CompletableFuture<?> future, CompletableFuture<?> failure, Duration most)
            throws InterruptedException {
        long left = deadline - System.nanoTime();
        try {
            CompletableFuture.anyOf(future, failure).get(Math.min(left, most.toNanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            if (left <= most.toNanos()) {
                throw new BenchFailedException("not finished within " + timeout.toMillis() / 1e3 + " s", e);
            }
            return false;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BenchFailedException(String.valueOf(cause.getMessage()), cause);
        }
    }
}
