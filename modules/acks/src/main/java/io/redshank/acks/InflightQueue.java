package io.redshank.acks;

import io.redshank.events.Answer;
import io.redshank.model.ClientId;
import io.redshank.model.Underway;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.UnderwayText;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
        return put(client, underway.number(), underway);
    }

    /** A message is settled. */
    void settle(ClientId client, long number) {
        put(client, number, null).onFailure(unsaid -> log.debug("Not settled [client={}]", client));
    }

    private Future<Answer> put(ClientId client, long number, @Nullable Underway state) {
        Note note = waiting.computeIfAbsent(new Slot(client, number), first -> new Note(state));
        note.state = state;
        return note.written.future();
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
        List<String> keys = new ArrayList<>();
        link.stages(List.of(requests(sent, keys)))
                .onSuccess(replies -> onReplies(replies, keys))
                .onFailure(away -> {
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

    /** Adds the key of each request to the keys. */
    private List<Request> requests(Map<Slot, Note> lot, List<String> keys) {
        Map<ClientId, List<Object>> written = new LinkedHashMap<>();
        Map<ClientId, List<Object>> gone = new LinkedHashMap<>();
        lot.forEach((slot, note) -> {
            Underway state = note.state;
            List<Object> args = (state == null ? gone : written)
                    .computeIfAbsent(slot.client(), client -> new ArrayList<>(List.of(Keys.inflight(client))));
            args.add(Long.toString(slot.number()));
            if (state != null) {
                args.add(UnderwayText.write(state));
            }
        });
        List<Request> requests = new ArrayList<>();
        written.forEach((client, args) -> {
            requests.add(Request.cmd(Command.HSET, args.toArray()));
            requests.add(Request.cmd(Command.EXPIRE, Keys.inflight(client), seconds));
            keys.addAll(List.of(Keys.inflight(client), Keys.inflight(client)));
        });
        gone.forEach((client, args) -> {
            requests.add(Request.cmd(Command.HDEL, args.toArray()));
            keys.add(Keys.inflight(client));
        });
        return requests;
    }

    private void onReplies(PipelineReplies replies, List<String> keys) {
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
                    "What is underway to a client is not written [key={}, error={}]", keys.get(at), worst.getMessage());
        }
        Map<Slot, Note> done = sent;
        sent = Map.of();
        done.values().forEach(note -> note.written.complete(Answer.DONE));
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
