package io.redshank.events;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to an instance on the same node, where nothing gets lost, but the receiver may not be there yet: then a batch is sent
 * again, and later ones wait.
 */
final class LocalLane implements Lane {
    private static final Logger log = LoggerFactory.getLogger(LocalLane.class);
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1000;
    /** Receivers answer when the work is done, which waits for Redis as long as that takes. */
    private static final long ANSWER_WITHIN_MILLIS = TimeUnit.DAYS.toMillis(1);

    private static final DeliveryOptions REQUEST = new DeliveryOptions()
            .setCodecName(Batch.CODEC.name())
            .setSendTimeout(ANSWER_WITHIN_MILLIS)
            .setLocalOnly(true);

    private final Vertx vertx;
    private final String address;
    private final Set<List<Waiting<?, ?>>> underway = Collections.newSetFromMap(new IdentityHashMap<>());
    private List<Waiting<?, ?>> pending = new ArrayList<>();
    private boolean ended;
    private long retryTimer = -1;
    private long retryMillis = FIRST_RETRY_MILLIS;

    LocalLane(Vertx vertx, String address) {
        this.vertx = vertx;
        this.address = address;
    }

    @Override
    public void add(Waiting<?, ?> waiting) {
        pending.add(waiting);
    }

    @Override
    public void flush() {
        if (pending.isEmpty() || retryTimer >= 0) {
            return;
        }
        List<Waiting<?, ?>> sent = pending;
        pending = new ArrayList<>();
        underway.add(sent);
        vertx.eventBus()
                .<Answers>request(address, Batch.of(sent), REQUEST)
                .onSuccess(reply -> onAnswers(sent, reply))
                .onFailure(failure -> onFailure(sent, failure));
    }

    @Override
    public boolean isIdle() {
        return pending.isEmpty() && underway.isEmpty();
    }

    @Override
    public boolean isCrowded() {
        return false; // senders have windows, and both ends share one memory
    }

    @Override
    public List<Waiting<?, ?>> end() {
        ended = true;
        if (retryTimer >= 0) {
            vertx.cancelTimer(retryTimer);
        }
        List<Waiting<?, ?>> unanswered = new ArrayList<>(pending);
        underway.forEach(unanswered::addAll);
        unanswered.sort(Comparator.comparingLong(Waiting::number));
        pending.clear();
        return unanswered;
    }

    private void onAnswers(List<Waiting<?, ?>> sent, Message<Answers> reply) {
        underway.remove(sent);
        retryMillis = FIRST_RETRY_MILLIS;
        reply.body().complete(sent);
    }

    private void onFailure(List<Waiting<?, ?>> sent, Throwable failure) {
        underway.remove(sent);
        if (ended) {
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
}
