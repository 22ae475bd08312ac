package io.redshank.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a device got, in order. Filled by the threads of its library. */
public final class Inbox {
    private static final long PATIENCE_SECONDS = 10;

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

    void add(Arrival arrival) {
        arrivals.add(arrival);
    }

    /** The next message; waits for it. */
    public Arrival next() {
        try {
            @Nullable Arrival next = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no message within " + PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The next so many messages; waits for them. */
    public List<Arrival> next(int count) {
        List<Arrival> next = new ArrayList<>(count);
        while (next.size() < count) {
            try {
                next.add(next());
            } catch (AssertionError missing) {
                throw new AssertionError("only " + next.size() + " of " + count + " messages: " + next, missing);
            }
        }
        return next;
    }

    /** What is there now. */
    public List<Arrival> waiting() {
        return List.copyOf(arrivals);
    }
}
