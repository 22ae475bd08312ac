package io.redshank.broker;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A number of events per second, of which as many may come at once after a second without any. Shared by event loops.
 *
 * <p>One number is all that is kept: the time up to which the pace is used up if events came evenly. An event moves it on by
 * its share of a second and is too fast if it then lies more than a second ahead.
 */
final class Pace {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long share;
    private final AtomicLong usedUpTo;

    /** At least one per second; {@link ConnectionLimits#UNLIMITED} lets everything pass. */
    Pace(int perSecond, long now) {
        this.share = perSecond == ConnectionLimits.UNLIMITED ? 0 : SECOND / perSecond;
        this.usedUpTo = new AtomicLong(now);
    }

    /** Counts an event if the pace allows it. */
    boolean allows(long now) {
        while (true) {
            long used = usedUpTo.get();
            long next = (used - now > 0 ? used : now) + share;
            if (next - now > SECOND) {
                return false;
            }
            if (usedUpTo.compareAndSet(used, next)) {
                return true;
            }
        }
    }
}
