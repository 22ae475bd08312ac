package io.redshank.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs work on the thread of one event-loop context: at once if that is where we are, else as soon as it gets there. */
final class HomeThread {
    private final Context context;
    /** Without volatile: the thread itself has seen its own write, and any other one differs from whatever it sees. */
    private @Nullable Thread thread;

    HomeThread(Context context) {
        this.context = context;
        context.runOnContext(here -> thread = Thread.currentThread());
    }

    <T> Future<T> call(Supplier<Future<T>> work) {
        if (Thread.currentThread() == thread) {
            return work.get();
        }
        return Future.future(promise -> context.runOnContext(here -> work.get().onComplete(promise)));
    }
}
