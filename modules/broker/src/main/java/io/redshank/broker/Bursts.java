package io.redshank.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when it is time for a line in the log about something that may happen very often: at the first time, and then every ten
 * seconds at most while it goes on. Shared by event loops.
 */
final class Bursts {
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong untold = new AtomicLong();
    private final AtomicLong lastLine = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    /** It has happened once more: answers how often it has since the last line if a line is due now, and otherwise 0. */
    long happened() {
        untold.incrementAndGet();
        long now = System.nanoTime();
        long last = lastLine.get();
        return now - last >= QUIET_NANOS && lastLine.compareAndSet(last, now) ? untold.getAndSet(0) : 0;
    }
}
