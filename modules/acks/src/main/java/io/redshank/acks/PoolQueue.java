package io.redshank.acks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be written to one pool: chores in order, and of each bookmark its newest place. One lot is on its way at a time,
 * so the busier Redis is, the more bookmarks one write stands for. A lot that did not get through goes again, in front of what
 * came since. Confined to one context.
 */
final class PoolQueue {
    private static final Logger log = LoggerFactory.getLogger(PoolQueue.class);
    static final int MOST = 100_000;
    private static final int LARGEST_LOT = 5_000;
    private static final long RETRY_MILLIS = 100;

    private final Vertx vertx;
    private final LotWriter writer;
    private final int most;
    private final ArrayDeque<Chore> chores = new ArrayDeque<>();
    private final Map<String, Place> bookmarks = new LinkedHashMap<>();
    private final LotsAwaited awaited = new LotsAwaited();
    private boolean busy;
    private boolean closed;
    private boolean dropping;
    private long dropped;
    private @Nullable Promise<Void> idle;

    PoolQueue(Vertx vertx, LotWriter writer, int most) {
        this.vertx = vertx;
        this.writer = writer;
        this.most = most;
    }

    /** Queues a chore; the oldest one gives way if there are too many. */
    void add(Chore chore) {
        chores.add(chore);
        limit();
    }

    /** Moves a bookmark; one that was to be moved and has not been yet moves only once. */
    void bookmark(String key, Place place) {
        Place waiting = place.forwardOnly() ? bookmarks.get(key) : null;
        if (waiting != null && !(waiting.forwardOnly() && place.id().isAfter(waiting.id()))) {
            return; // what waits is of the same connection or of a later one, and so not behind it
        }
        bookmarks.put(key, place);
        if (bookmarks.size() > most) {
            Iterator<String> oldest = bookmarks.keySet().iterator();
            String lost = oldest.next();
            oldest.remove();
            drop(lost);
        }
    }

    /** Sends what waits, unless a lot is on its way: then the rest follows it. */
    void flush() {
        if (busy || closed || isEmpty()) {
            return;
        }
        busy = true;
        Lot lot = take();
        Future.succeededFuture(lot).compose(writer::write).onComplete(this::onWritten, this::onBug);
    }

    /** Completes when all is written, or when an attempt has failed: Redis is away then, and nothing is to be waited for. */
    Future<Void> settled() {
        if (!busy) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        idle = promise;
        return promise.future();
    }

    /** Completes when what is queued by now is written; fails when an attempt has failed. */
    Future<Void> writtenUpToNow() {
        if (!busy && isEmpty()) {
            return Future.succeededFuture();
        }
        int lots = (Math.max(chores.size(), bookmarks.size()) + LARGEST_LOT - 1) / LARGEST_LOT;
        Future<Void> written = awaited.after((busy ? 1 : 0) + lots);
        flush();
        return written;
    }

    /** Sends nothing more. */
    void close() {
        closed = true;
        awaited.lotDone(true);
        if (!isEmpty()) {
            log.warn(
                    "Acknowledgements not written, Redis was away to the end [pool={}, chores={}, bookmarks={}]",
                    writer.pool(),
                    chores.size(),
                    bookmarks.size());
        }
    }

    /** How many events have lost their chore, or their bookmark. */
    long dropped() {
        return dropped;
    }

    private Lot take() {
        List<Chore> some = new ArrayList<>(Math.min(chores.size(), LARGEST_LOT));
        while (some.size() < LARGEST_LOT && !chores.isEmpty()) {
            some.add(chores.remove());
        }
        Map<String, Place> places = new LinkedHashMap<>();
        Iterator<Map.Entry<String, Place>> oldest = bookmarks.entrySet().iterator();
        while (places.size() < LARGEST_LOT && oldest.hasNext()) {
            Map.Entry<String, Place> next = oldest.next();
            places.put(next.getKey(), next.getValue());
            oldest.remove();
        }
        return new Lot(some, places);
    }

    private void onBug(Throwable bug) {
        log.error("Acknowledgements lost [pool={}]", writer.pool(), bug);
        onWritten(new Lot(List.of(), Map.of()));
    }

    private void onWritten(Lot left) {
        busy = false;
        if (left.isEmpty()) {
            awaited.lotDone(false);
            dropping &= !isEmpty();
            flush();
            if (!busy) {
                tellIdle();
            }
            return;
        }
        for (int i = left.chores().size() - 1; i >= 0; i--) {
            chores.addFirst(left.chores().get(i));
        }
        left.bookmarks().forEach(bookmarks::putIfAbsent); // what was set since is newer
        limit();
        tellIdle();
        if (!closed) {
            busy = true;
            vertx.setTimer(RETRY_MILLIS, due -> {
                busy = false;
                awaited.lotDone(true); // whoever came since has waited long enough for a Redis that is away
                flush();
            });
        }
        awaited.lotDone(true);
    }

    private void tellIdle() {
        Promise<Void> waiting = idle;
        idle = null;
        if (waiting != null) {
            waiting.complete();
        }
    }

    private void limit() {
        while (chores.size() > most) {
            drop(chores.remove().entry().path());
        }
    }

    private void drop(String what) {
        dropped++;
        if (!dropping) {
            dropping = true;
            log.warn(
                    "Redis is away, the oldest acknowledgements get lost from now on [pool={}, most={}, first={}]",
                    writer.pool(),
                    most,
                    what);
        }
    }

    private boolean isEmpty() {
        return chores.isEmpty() && bookmarks.isEmpty();
    }
}
