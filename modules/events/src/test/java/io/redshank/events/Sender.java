package io.redshank.events;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import java.util.function.Function;

/** An outbox on an event loop of its own, for tests that act from outside. */
final class Sender {
    private final Context context;
    private final EventOutbox outbox;

    private Sender(Context context, EventOutbox outbox) {
        this.context = context;
        this.outbox = outbox;
    }

    static Sender deploy(Vertx vertx, LiveTopology topology) throws Exception {
        return deploy(vertx, topology, RemoteLane.ANSWER_WITHIN_MILLIS);
    }

    /** One that sends again what another node has not answered within this time. */
    static Sender deploy(Vertx vertx, LiveTopology topology, long answerWithinMillis) throws Exception {
        Promise<Sender> sender = Promise.promise();
        vertx.deployVerticle(context -> {
                    sender.complete(new Sender(context, new EventOutbox(vertx, topology, answerWithinMillis)));
                    return sender.future();
                })
                .await(5, SECONDS);
        return sender.future().await(5, SECONDS);
    }

    /** What this leads to when done in one turn of the event loop. */
    <T> Future<T> request(Function<EventOutbox, Future<T>> work) {
        Promise<T> outcome = Promise.promise();
        context.runOnContext(turn -> work.apply(outbox).onComplete(outcome));
        return outcome.future();
    }

    /** Does this in one turn of the event loop, and waits until what that sent has left. */
    void turn(Consumer<EventOutbox> work) throws Exception {
        Promise<Void> left = Promise.promise();
        context.runOnContext(turn -> {
            work.accept(outbox);
            context.runOnContext(left::complete); // behind the outbox's own
        });
        left.future().await(5, SECONDS);
    }
}
