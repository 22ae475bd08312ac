package io.redshank.events;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to an instance on another node, over a bus that delivers at most once. Batches are numbered, and sent again, with all
 * that follow, until they are answered; the {@link Intake} at the other end does each once, and in order. What is under way
 * here when the other node goes is given back by {@link #end}.
 */
final class RemoteLane implements Lane {
    private static final Logger log = LoggerFactory.getLogger(RemoteLane.class);
    private static final int MOST_BATCHES_UNDERWAY = 64;
    private static final int MOST_EVENTS_IN_BATCH = 1000;
    private static final int CROWDED_EVENTS = 10_000;
    private static final long CROWDED_BYTES = 16L << 20;
    /** How long the publisher of a message waits for a node that does not answer, but may yet. */
    private static final long FORWARD_PATIENCE_MILLIS = 1000;

    private static final long AFTER_GAP_MILLIS = 1;
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1000;
    /** The work may take longer, as when Redis is away; then it is asked again, and answered when it is done. */
    static final long ANSWER_WITHIN_MILLIS = TimeUnit.SECONDS.toMillis(5);

    /** One batch, from its first sending to its answer. */
    private static final class Sent {
        final long number;
        final List<Waiting<?, ?>> events;
        final long sentNanos = System.nanoTime();
        int attempt;
        boolean answered;

        Sent(long number, List<Waiting<?, ?>> events) {
            this.number = number;
            this.events = events;
        }
    }

    private final Vertx vertx;
    private final String address;
    private final Ticket origin;
    private final Runnable onIdle;
    private final DeliveryOptions options;
    private final Deque<Sent> underway = new ArrayDeque<>();
    private final Deque<Waiting<?, ?>> pending = new ArrayDeque<>();
    private long bytes;
    private long next;
    private boolean ended;
    private long retryTimer = -1;
    private long patienceTimer = -1;
    private long retryMillis = FIRST_RETRY_MILLIS;

    /**
     * A way that nothing has gone yet.
     *
     * @param origin names the sender and this lane
     * @param answerWithinMillis when a batch without an answer is sent again
     * @param onIdle is run whenever the last answer has come
     */
    RemoteLane(Vertx vertx, String address, Ticket origin, long answerWithinMillis, Runnable onIdle) {
        this.vertx = vertx;
        this.address = address;
        this.origin = origin;
        this.onIdle = onIdle;
        this.options = new DeliveryOptions().setCodecName(Batch.CODEC.name()).setSendTimeout(answerWithinMillis);
    }

    @Override
    public void add(Waiting<?, ?> waiting) {
        bytes += weightOf(waiting);
        pending.add(waiting);
    }

    @Override
    public void flush() {
        while (!pending.isEmpty() && retryTimer < 0 && underway.size() < MOST_BATCHES_UNDERWAY) {
            List<Waiting<?, ?>> events = new ArrayList<>(Math.min(pending.size(), MOST_EVENTS_IN_BATCH));
            while (!pending.isEmpty() && events.size() < MOST_EVENTS_IN_BATCH) {
                events.add(pending.remove());
            }
            Sent sent = new Sent(next++, events);
            underway.add(sent);
            transmit(sent);
        }
        if (patienceTimer < 0 && !underway.isEmpty()) {
            patienceTimer = vertx.setTimer(FORWARD_PATIENCE_MILLIS / 2, due -> losePatience());
        }
    }

    @Override
    public boolean isIdle() {
        return pending.isEmpty() && underway.isEmpty();
    }

    @Override
    public boolean isCrowded() {
        return bytes > CROWDED_BYTES || pending.size() > CROWDED_EVENTS;
    }

    @Override
    public List<Waiting<?, ?>> end() {
        ended = true;
        if (retryTimer >= 0) {
            vertx.cancelTimer(retryTimer);
        }
        if (patienceTimer >= 0) {
            vertx.cancelTimer(patienceTimer);
        }
        List<Waiting<?, ?>> unanswered = new ArrayList<>();
        underway.stream().filter(sent -> !sent.answered).forEach(sent -> unanswered.addAll(sent.events));
        unanswered.addAll(pending);
        underway.clear();
        pending.clear();
        return unanswered;
    }

    private void transmit(Sent sent) {
        int attempt = ++sent.attempt;
        long oldest = underway.element().number;
        vertx.eventBus()
                .<Answers>request(address, Batch.of(origin.of(sent.number, oldest), sent.events), options)
                .onSuccess(reply -> onAnswers(sent, reply.body()))
                .onFailure(failure -> onFailure(sent, attempt, failure));
    }

    private void onAnswers(Sent sent, Answers answers) {
        if (ended || sent.answered) {
            return;
        }
        sent.answered = true;
        retryMillis = FIRST_RETRY_MILLIS;
        sent.events.forEach(waiting -> bytes -= weightOf(waiting));
        while (!underway.isEmpty() && underway.element().answered) {
            underway.remove();
        }
        answers.complete(sent.events);
        flush();
        if (isIdle()) {
            onIdle.run();
        }
    }

    /**
     * A message that is stored has its publisher wait for all nodes that want it, so that it is not lost with this node. One that
     * does not answer may be frozen, or lost; it gets the message nevertheless, later, by this lane or from the log.
     */
    private void losePatience() {
        patienceTimer = -1;
        long latest = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(FORWARD_PATIENCE_MILLIS);
        for (Sent sent : underway) {
            if (sent.sentNanos - latest > 0 || isCrowded()) {
                break;
            }
            sent.events.forEach(Waiting::doneIfForwarded);
        }
        flush();
    }

    private void onFailure(Sent sent, int attempt, Throwable failure) {
        if (ended || sent.answered || attempt != sent.attempt || retryTimer >= 0) {
            return; // over, or being sent again anyway
        }
        boolean gap = failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.RECIPIENT_FAILURE;
        log.debug("Events not answered, sending them again [address={}, cause={}]", address, failure.getMessage());
        retryTimer = vertx.setTimer(gap ? AFTER_GAP_MILLIS : retryMillis, fired -> {
            retryTimer = -1;
            underway.stream()
                    .filter(unanswered -> !unanswered.answered)
                    .toList()
                    .forEach(this::transmit);
            flush();
        });
        retryMillis = Math.min(retryMillis * 2, LAST_RETRY_MILLIS);
    }

    private static long weightOf(Waiting<?, ?> waiting) {
        return waiting.event() instanceof MessageAccepted accepted
                ? accepted.message().payload().length()
                : 0;
    }
}
