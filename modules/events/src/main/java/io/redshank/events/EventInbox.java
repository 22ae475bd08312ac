package io.redshank.events;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiving side of the events of one verticle instance: hands each event of a batch to its handler, in order, and
 * answers the sender when all that it waits for are done. Confined to the verticle's context.
 */
public final class EventInbox {
    private static final Logger log = LoggerFactory.getLogger(EventInbox.class);
    private static final DeliveryOptions ANSWER = new DeliveryOptions().setCodecName(Answers.CODEC.name());

    private final Vertx vertx;
    private final LiveTopology live;
    private final String address;
    private final Map<Integer, Function<Object, Future<?>>> handlers = new HashMap<>();
    private final Map<Long, Intake> intakes = new HashMap<>();
    private Runnable afterBatch = () -> {};
    private Topology topology;
    private @Nullable MessageConsumer<Batch> consumer;
    private LiveTopology.@Nullable Watch watch;

    /** The inbox of one instance of a concern on this node. */
    public EventInbox(Vertx vertx, LiveTopology live, Concern concern, int instance) {
        this.vertx = vertx;
        this.live = live;
        this.topology = live.now();
        this.address = concern.addressOf(topology.self(), instance);
    }

    /** Has this handler do what an event of this type asks for; a handler that throws or answers null has failed. */
    @SuppressWarnings("unchecked") // an entry's event is of its type
    public <E, R> EventInbox on(EventType<E, R> type, Function<E, Future<R>> handler) {
        handlers.put(type.code(), event -> handler.apply((E) event));
        return this;
    }

    /** Is run when all events of a batch have been handed over: the moment to send one pipeline for all of them. */
    public EventInbox afterBatch(Runnable action) {
        afterBatch = action;
        return this;
    }

    /** Starts to receive. */
    public Future<Void> open() {
        MessageConsumer<Batch> opened = vertx.eventBus().consumer(address, this::onBatch);
        consumer = opened;
        watch = live.watch(vertx.getOrCreateContext(), this::onTopology);
        return opened.completion();
    }

    /** Stops to receive; events on their way are sent again by their senders. */
    public Future<Void> close() {
        if (watch != null) {
            watch.end();
        }
        return consumer == null ? Future.succeededFuture() : consumer.unregister();
    }

    private void onTopology(Topology next) {
        for (Member member : topology.others()) {
            if (!next.hasRun(member)) { // it sends nothing more, or begins anew
                intakes.values().removeIf(intake -> intake.comesFrom(member));
            }
        }
        topology = next;
    }

    private void onBatch(Message<Batch> message) {
        Ticket ticket = message.body().ticket();
        if (ticket == null) {
            hand(message.body(), answers -> message.reply(answers, ANSWER));
            return;
        }
        Intake intake = intakes.computeIfAbsent(ticket.lane(), lane -> new Intake(ticket));
        if (intake.letsIn(ticket, message)) {
            hand(message.body(), answers -> intake.answer(ticket, answers));
        }
    }

    private void hand(Batch batch, Consumer<Answers> reply) {
        Collector collector = new Collector(reply);
        for (Batch.Entry<?, ?> entry : batch.entries()) {
            handle(entry, collector);
        }
        try {
            afterBatch.run();
        } finally {
            collector.allHandedOver();
        }
    }

    private <E, R> void handle(Batch.Entry<E, R> entry, Collector collector) {
        Future<R> outcome = apply(entry);
        if (entry.awaited()) {
            collector.await(entry.type(), outcome);
        } else {
            outcome.onFailure(failure -> log.warn(
                    "Event not done [event={}, cause={}]",
                    entry.type().name(),
                    failure.getMessage(),
                    failure instanceof EventFailedException ? null : failure));
        }
    }

    @SuppressWarnings("unchecked") // handlers are kept by type
    private <E, R> Future<R> apply(Batch.Entry<E, R> entry) {
        Function<Object, Future<?>> handler = handlers.get(entry.type().code());
        if (handler == null) {
            return Future.failedFuture(new EventFailedException(
                    EventFailure.REFUSED, "nobody handles " + entry.type().name() + " at " + address));
        }
        try {
            return (Future<R>) Objects.requireNonNull(handler.apply(entry.event()), "the handler returned no future");
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    /** Gathers the outcomes of one batch and replies when the last is there. */
    private static final class Collector {
        private final Consumer<Answers> reply;
        private final List<Answers.@Nullable Outcome<?>> outcomes = new ArrayList<>();
        /** One for each outcome that is missing, and one until all events were handed over. */
        private int missing = 1;

        Collector(Consumer<Answers> reply) {
            this.reply = reply;
        }

        <R> void await(EventType<?, R> type, Future<R> outcome) {
            int index = outcomes.size();
            outcomes.add(null);
            missing++;
            outcome.onComplete(done -> {
                outcomes.set(index, outcomeOf(type, done.result(), done.cause()));
                oneDone();
            });
        }

        void allHandedOver() {
            oneDone();
        }

        private void oneDone() {
            if (--missing == 0) {
                List<Answers.Outcome<?>> all = new ArrayList<>(outcomes.size());
                for (Answers.Outcome<?> outcome : outcomes) {
                    if (outcome != null) {
                        all.add(outcome);
                    }
                }
                reply.accept(new Answers(all));
            }
        }

        private static <R> Answers.Outcome<R> outcomeOf(
                EventType<?, R> type, @Nullable R value, @Nullable Throwable failure) {
            if (failure == null && value != null) {
                return new Answers.Outcome<>(type, value, null);
            }
            Throwable cause = failure == null ? new NullPointerException("the handler answered null") : failure;
            if (!(cause instanceof EventFailedException)) {
                log.error("Event failed [event={}]", type.name(), cause); // a bug: outcomes are EventFailedExceptions
            }
            return new Answers.Outcome<>(type, null, EventFailedException.of(cause));
        }
    }
}
