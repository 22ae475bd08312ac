package io.redshank.messages;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Lets so much work be underway at once; the rest waits, first come, first served. So Redis is not asked for more than it can
 * answer before its clients lose patience. Confined to one context.
 */
final class Turnstile {
    private final int most;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int underway;

    Turnstile(int most) {
        this.most = most;
    }

    /** Whether the next one would have to wait. */
    boolean isFull() {
        return underway >= most;
    }

    /** Does the work when it is its turn. */
    <T> Future<T> enter(Supplier<Future<T>> work) {
        if (!isFull()) {
            return run(work);
        }
        Promise<T> promise = Promise.promise();
        waiting.add(() -> run(work).onComplete(promise));
        return promise.future();
    }

    private <T> Future<T> run(Supplier<Future<T>> work) {
        underway++;
        return work.get().onComplete(done -> {
            underway--;
            Runnable next = waiting.poll();
            if (next != null) {
                next.run();
            }
        });
    }
}
