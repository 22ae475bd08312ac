package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.EventFailedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What is behind the broker for one type of event: answers at once, or when the test says so. */
final class Stub<E, R> {
    private static final int PATIENCE_SECONDS = 20;

    /** An event whose answer the test holds back. */
    record Asked<E, R>(
            E event, Promise<R> promise, @Nullable Context context, Stub<E, R> stub) {
        void answer(R answer) {
            run(() -> promise.complete(stub.effect(event, answer)));
        }

        /** Answers as the stub would have done. */
        void answer() {
            run(() -> promise.complete(stub.effect(event, stub.answer.apply(event))));
        }

        void fail(EventFailedException failure) {
            run(() -> promise.fail(failure));
        }

        private void run(Runnable action) {
            if (context != null) {
                context.runOnContext(turn -> action.run());
            }
        }
    }

    /** What happens beside the answer, just before it. */
    interface Effect<E, R> {
        void happen(E event, R answer);
    }

    private final BlockingQueue<E> seen = new LinkedBlockingQueue<>();
    private final List<E> all = new ArrayList<>();
    private final BlockingQueue<Asked<E, R>> held = new LinkedBlockingQueue<>();
    private volatile Function<E, R> answer;
    private volatile Predicate<E> holding = event -> false;
    private volatile Effect<E, R> effect = (event, answered) -> {};

    Stub(Function<E, R> answer) {
        this.answer = answer;
    }

    /** Answers so from now on; what it throws is the failure. */
    void answering(Function<E, R> newAnswer) {
        answer = newAnswer;
    }

    /** Holds back the answers to such events from now on. */
    void holding(Predicate<E> which) {
        holding = which;
    }

    void effect(Effect<E, R> newEffect) {
        effect = newEffect;
    }

    Future<R> on(E event) {
        synchronized (all) {
            all.add(event);
        }
        seen.add(event);
        if (holding.test(event)) {
            Promise<R> promise = Promise.promise();
            held.add(new Asked<>(event, promise, Vertx.currentContext(), this));
            return promise.future();
        }
        try {
            return Future.succeededFuture(effect(event, answer.apply(event)));
        } catch (EventFailedException failure) {
            return Future.failedFuture(failure);
        }
    }

    private R effect(E event, R answered) {
        effect.happen(event, answered);
        return answered;
    }

    /** The next event, as soon as it is there. */
    @CanIgnoreReturnValue
    E next() throws InterruptedException {
        E event = seen.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    /** The next event that is held back, as soon as it is there. */
    @CanIgnoreReturnValue
    Asked<E, R> nextHeld() throws InterruptedException {
        Asked<E, R> asked = held.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(asked).as("an event that is held back").isNotNull();
        return asked;
    }

    /** All events so far. */
    List<E> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }
}
