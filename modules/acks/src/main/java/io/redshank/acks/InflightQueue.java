package io.redshank.acks;

import io.redshank.events.Answer;
import io.redshank.events.ShareClaim;
import io.redshank.model.ClientId;
import io.redshank.model.Underway;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be written of the QoS 2 messages underway to sessions that persist: of each its newest state, in the order in which
 * they became known. One lot is on its way at a time; one that did not get through goes again, in front of what came since. Holds
 * at most what the windows of connected clients hold. Confined to one context.
 */
final class InflightQueue {
    private static final Logger log = LoggerFactory.getLogger(InflightQueue.class);
    private static final int LARGEST_LOT = 5_000;
    private static final long NOT_NOW_MILLIS = 100;

    private record Slot(ClientId client, long number) {}

    /** The state of one message; none if it is settled. */
    private static final class Note {
        @Nullable
        Underway state;

        @Nullable
        ShareClaim claim;

        final Promise<Answer> written = Promise.promise();

        Note(@Nullable Underway state) {
            this.state = state;
        }
    }

    private final Vertx vertx;
    private final RedisLink link;
    private final long seconds;
    private Map<Slot, Note> waiting = new LinkedHashMap<>();
    private Map<Slot, Note> sent = Map.of();
    private final LotsAwaited awaited = new LotsAwaited();
    private boolean busy;
    private boolean closed;

    /** Each client's hash is kept for so long after its last change, unless its session ends. */
    InflightQueue(Vertx vertx, RedisLink link, long seconds) {
        this.vertx = vertx;
        this.link = link;
        this.seconds = seconds;
    }

    /** A message has come so far; complete when that is written, or is not to be written any more. */
    Future<Answer> note(ClientId client, Underway underway) {
        return put(client, underway.number(), underway).written.future();
    }

    /** The same for a message that is the client's only if no other one has it; fails if that is so. */
    Future<Answer> claim(ClientId client, Underway underway, ShareClaim claim) {
        Note note = put(client, underway.number(), underway);
        note.claim = claim;
        return note.written.future();
    }

    /** A message is settled. */
    void settle(ClientId client, long number) {
        Note note = put(client, number, null);
        note.claim = null;
        note.written.future().onFailure(unsaid -> log.debug("Not settled [client={}]", client));
    }

    private Note put(ClientId client, long number, @Nullable Underway state) {
        Note note = waiting.computeIfAbsent(new Slot(client, number), first -> new Note(state));
        note.state = state;
        return note;
    }

    /** Complete when what waits by now is written; fails when an attempt has failed. */
    Future<Void> writtenUpToNow() {
        if (!busy && waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        int lots = (waiting.size() + LARGEST_LOT - 1) / LARGEST_LOT;
        Future<Void> written = awaited.after((busy ? 1 : 0) + lots);
        flush();
        return written;
    }

    /** Sends what waits, unless a lot is on its way. */
    void flush() {
        if (busy || closed || waiting.isEmpty()) {
            return;
        }
        busy = true;
        sent = take();
        InflightWriting writing = new InflightWriting(seconds);
        sent.forEach((slot, note) -> {
            ShareClaim claim = note.claim;
            if (note.state != null && claim != null) {
                writing.claim(slot.client(), note.state, claim, note.written);
            } else {
                writing.write(slot.client(), slot.number(), note.state);
            }
        });
        writing.send(link).onSuccess(replies -> onReplies(replies, writing)).onFailure(away -> {
            putBack();
            link.up().onSuccess(up -> resume()).onFailure(stopped -> closed = true);
        });
    }

    void close() {
        closed = true;
    }

    private Map<Slot, Note> take() {
        if (waiting.size() <= LARGEST_LOT) {
            Map<Slot, Note> all = waiting;
            waiting = new LinkedHashMap<>();
            return all;
        }
        Map<Slot, Note> some = new LinkedHashMap<>();
        waiting.entrySet().stream().limit(LARGEST_LOT).forEach(one -> some.put(one.getKey(), one.getValue()));
        waiting.keySet().removeAll(some.keySet());
        return some;
    }

    private void onReplies(PipelineReplies replies, InflightWriting writing) {
        RedisFailure worst = null;
        int at = 0;
        for (int i = 0; !replies.allSucceeded() && i < replies.size(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null && (worst == null || failure.kind() == RedisFailure.Kind.UNAVAILABLE)) {
                worst = failure;
                at = i;
            }
        }
        if (worst != null && worst.kind() == RedisFailure.Kind.UNAVAILABLE) {
            putBack();
            vertx.setTimer(NOT_NOW_MILLIS, due -> resume());
            return;
        }
        if (worst != null) { // a key that is not ours any more: sent all the same, and perhaps twice after a crash
            log.warn(
                    "What is underway to a client is not written [key={}, error={}]",
                    writing.keyOf(at),
                    worst.getMessage());
        }
        writing.tellClaims(replies);
        Map<Slot, Note> done = sent;
        sent = Map.of();
        done.values().forEach(note -> note.written.tryComplete(Answer.DONE));
        awaited.lotDone(false);
        resume();
    }

    /** In front of what came since; of what is in both, the newer state counts, and both are done when that is written. */
    private void putBack() {
        Map<Slot, Note> all = new LinkedHashMap<>(sent);
        waiting.forEach((slot, newer) -> {
            Note older = all.put(slot, newer);
            if (older != null) {
                newer.written.future().onSuccess(older.written::complete).onFailure(older.written::fail);
            }
        });
        waiting = all;
        sent = Map.of();
        awaited.lotDone(true);
    }

    private void resume() {
        busy = false;
        flush();
    }
}
