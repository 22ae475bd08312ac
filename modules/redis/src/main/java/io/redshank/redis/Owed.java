package io.redshank.redis;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * The replies that a link waits for, oldest first, and one timer for the oldest of them. Confined to the link's context.
 *
 * <p>Redis answers in order, so as long as the oldest is in time, all are; a timer for each would cost more than the command.
 */
final class Owed {
    private final Vertx vertx;
    private final long limitNanos;
    private final Runnable onOverdue;
    private final ArrayDeque<Entry<?>> entries = new ArrayDeque<>();
    private boolean timerRuns;

    /** One reply, or one pipeline of them. */
    final class Entry<T> {
        private final Promise<T> promise = Promise.promise();
        private final long since = System.nanoTime();

        Promise<T> promise() {
            return promise;
        }

        void complete(T reply) {
            if (promise.tryComplete(reply)) {
                dropSettled();
            }
        }

        void fail(Throwable failure) {
            if (promise.tryFail(failure)) {
                dropSettled();
            }
        }
    }

    Owed(Vertx vertx, long limitMillis, Runnable onOverdue) {
        this.vertx = vertx;
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(limitMillis);
        this.onOverdue = onOverdue;
    }

    <T> Entry<T> add() {
        Entry<T> entry = new Entry<>();
        entries.add(entry);
        if (!timerRuns) {
            timerRuns = true;
            checkAfter(limitNanos);
        }
        return entry;
    }

    /** Ends all of them: their connection is no more, and nothing that comes late may find them. */
    void failAll(RedisFailure why) {
        Entry<?> oldest = entries.poll();
        while (oldest != null) {
            oldest.promise.tryFail(why);
            oldest = entries.poll();
        }
    }

    private void dropSettled() {
        Entry<?> oldest = entries.peek();
        while (oldest != null && oldest.promise.future().isComplete()) {
            entries.remove();
            oldest = entries.peek();
        }
    }

    private void checkAfter(long nanos) {
        vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nanos) + 1, due -> check());
    }

    private void check() {
        Entry<?> oldest = entries.peek();
        if (oldest == null) {
            timerRuns = false;
            return;
        }
        long left = limitNanos - (System.nanoTime() - oldest.since);
        if (left > 0) {
            checkAfter(left);
        } else {
            timerRuns = false;
            onOverdue.run();
        }
    }
}
