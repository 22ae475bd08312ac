package io.redshank.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Does long work as one small step after the other, with pauses in which Redis is free for others. Confined to one context. */
final class Steps {
    private final Vertx vertx;
    private final long pauseMillis;

    Steps(Vertx vertx, long pauseMillis) {
        this.vertx = vertx;
        this.pauseMillis = pauseMillis;
    }

    /** Repeats a step until it answers false. Not a chain of futures, which would grow with the number of steps. */
    Future<Void> repeat(Supplier<Future<Boolean>> step) {
        Promise<Void> over = Promise.promise();
        turn(step, over);
        return over.future();
    }

    private void turn(Supplier<Future<Boolean>> step, Promise<Void> over) {
        step.get()
                .onSuccess(more -> {
                    if (more) {
                        vertx.setTimer(pauseMillis, paused -> turn(step, over));
                    } else {
                        over.complete();
                    }
                })
                .onFailure(over::fail);
    }

    /** Does something for each of a few things, one after the other. */
    static <T> Future<Void> each(List<T> things, Function<T, Future<?>> action) {
        Future<Void> done = Future.succeededFuture();
        for (T thing : things) {
            done = done.compose(before -> action.apply(thing).mapEmpty());
        }
        return done;
    }

    /** Completes after so many milliseconds. */
    Future<Void> pause(long millis) {
        Promise<Void> over = Promise.promise();
        vertx.setTimer(Math.max(1, millis), paused -> over.complete());
        return over.future();
    }
}
