package io.redshank.delayed;

import io.redshank.redis.DueMessages;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to look for what is due: at the earliest time that is known, and at least once a second, because others put messages in,
 * too. That look is all that it costs while nothing is due. Confined to the verticle's context.
 */
final class DueSweep {
    private static final Logger log = LoggerFactory.getLogger(DueSweep.class);
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    private final Vertx vertx;
    private final DuePublisher publisher;
    private Future<?> round = Future.succeededFuture();
    private long timer = -1;
    private long nextMillis = Long.MAX_VALUE;
    private boolean closed;

    DueSweep(Vertx vertx, DuePublisher publisher) {
        this.vertx = vertx;
        this.publisher = publisher;
    }

    /** Begins, and goes on until closed. */
    void open() {
        sweep();
    }

    /** Something will be due at this time. */
    void expect(long dueMillis) {
        if (dueMillis < nextMillis) {
            nextMillis = dueMillis;
            if (timer >= 0) {
                schedule();
            }
        }
    }

    /** Begins no round any more; complete when that which is underway has ended. */
    Future<?> close() {
        closed = true;
        publisher.stop();
        vertx.cancelTimer(timer);
        return round.transform(ended -> Future.succeededFuture());
    }

    private void sweep() {
        timer = -1;
        nextMillis = System.currentTimeMillis() + LONGEST_PAUSE_MILLIS;
        List<Future<Long>> rounds = new ArrayList<>();
        for (DueMessages queue : DueMessages.values()) {
            rounds.add(publisher.publishDue(queue).onSuccess(this::expect));
        }
        round = Future.join(rounds)
                .onFailure(failure ->
                        log.debug("Messages that are due wait longer [cause={}]", String.valueOf(failure.getMessage())))
                .onComplete(ended -> schedule());
    }

    private void schedule() {
        vertx.cancelTimer(timer);
        timer = -1;
        if (!closed) {
            timer = vertx.setTimer(Math.max(1, nextMillis - System.currentTimeMillis()), due -> sweep());
        }
    }
}
