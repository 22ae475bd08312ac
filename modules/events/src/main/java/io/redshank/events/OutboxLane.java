package io.redshank.events;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way from one sender to one destination. Keeps order, also when a batch has to be sent again: later ones wait. */
final class OutboxLane {
    private static final Logger log = LoggerFactory.getLogger(OutboxLane.class);
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1000;
    /** Receivers answer when the work is done, which waits for Redis as long as that takes. */
    private static final long ANSWER_WITHIN_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final DeliveryOptions REQUEST =
            new DeliveryOptions().setCodecName(Batch.CODEC.name()).setSendTimeout(ANSWER_WITHIN_MILLIS);

    private final Vertx vertx;
    private final String address;
    private final Set<List<Waiting<?, ?>>> underway = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Waiting<?, ?>> pending = new ArrayList<>();
    private boolean closed;
    private long numbers;
    private long retryTimer = -1;
    private long retryMillis = FIRST_RETRY_MILLIS;

    OutboxLane(Vertx vertx, String address) {
        this.vertx = vertx;
        this.address = address;
    }

    <E, R> void send(EventType<E, R> type, E event) {
        pending.add(new Waiting<>(numbers++, type, event, null));
    }

    <E, R> Future<R> request(EventType<E, R> type, E event) {
        Promise<R> promise = Promise.promise();
        pending.add(new Waiting<>(numbers++, type, event, promise));
        return promise.future();
    }

    void flush() {
        if (pending.isEmpty() || retryTimer >= 0) {
            return;
        }
        List<Waiting<?, ?>> sent = pending;
        pending = new ArrayList<>();
        List<Batch.Entry<?, ?>> entries = new ArrayList<>(sent.size());
        for (Waiting<?, ?> waiting : sent) {
            entries.add(waiting.entry());
        }
        underway.add(sent);
        vertx.eventBus()
                .<Answers>request(address, new Batch(entries), REQUEST)
                .onSuccess(reply -> onAnswers(sent, reply))
                .onFailure(failure -> onFailure(sent, failure));
    }

    void close() {
        closed = true;
        if (retryTimer >= 0) {
            vertx.cancelTimer(retryTimer);
        }
        EventFailedException stopping = new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping");
        underway.forEach(sent -> sent.forEach(waiting -> waiting.fail(stopping)));
        pending.forEach(waiting -> waiting.fail(stopping));
        pending.clear();
    }

    private void onAnswers(List<Waiting<?, ?>> sent, Message<Answers> reply) {
        underway.remove(sent);
        retryMillis = FIRST_RETRY_MILLIS;
        List<Answers.Outcome<?>> outcomes = reply.body().outcomes();
        int next = 0;
        for (Waiting<?, ?> waiting : sent) {
            if (waiting.promise != null) {
                waiting.complete(outcomes.get(next++));
            }
        }
    }

    private void onFailure(List<Waiting<?, ?>> sent, Throwable failure) {
        underway.remove(sent);
        if (closed) {
            return; // those who waited know
        }
        if (failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE) {
            EventFailedException refused = EventFailedException.of(failure);
            sent.forEach(waiting -> waiting.fail(refused));
            return;
        }
        sent.forEach(waiting -> pending.add(waiting.again()));
        pending.sort(Comparator.comparingLong(Waiting::number)); // a later batch may have failed before this one
        if (retryTimer < 0) {
            log.debug("Events not delivered, trying again [address={}, cause={}]", address, failure.getMessage());
            retryTimer = vertx.setTimer(retryMillis, fired -> {
                retryTimer = -1;
                flush();
            });
            retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
        }
    }

    /** An event on its way, and who waits for its answer. */
    private record Waiting<E, R>(
            long number,
            EventType<E, R> type,
            E event,
            @Nullable Promise<R> promise) {
        Batch.Entry<E, R> entry() {
            return new Batch.Entry<>(type, event, promise != null);
        }

        Waiting<E, R> again() {
            return new Waiting<>(number, type, type.again().apply(event), promise);
        }

        void fail(EventFailedException failure) {
            if (promise != null) {
                promise.tryFail(failure);
            }
        }

        /** The receiver answers each event with an outcome of that event's own type. */
        @SuppressWarnings("unchecked")
        void complete(Answers.Outcome<?> outcome) {
            if (promise == null) {
                return;
            }
            EventFailedException failure = outcome.failure();
            if (failure != null) {
                promise.tryFail(failure);
            } else {
                promise.tryComplete((R) outcome.value());
            }
        }
    }
}
