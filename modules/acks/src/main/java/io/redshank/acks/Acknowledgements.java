package io.redshank.acks;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.events.ShareClaim;
import io.redshank.events.ShareMoved;
import io.redshank.events.UnderwayNoted;
import io.redshank.events.UnderwaySettled;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.MessageId;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Decides what an acknowledged or delivered message means for Redis, and queues it by pool. Nobody waits for that to be done, so
 * the answer says that it is queued.
 */
final class Acknowledgements {
    private static final Future<Answer> QUEUED = Future.succeededFuture(Answer.DONE);

    private final Map<String, PoolQueue> queues;
    private final InflightQueue inflight;
    private final List<UnderwaySettled> settled = new ArrayList<>();
    private final List<HookEntry> acked;
    private final List<HookEntry> delivered;
    private final List<HookEntry> stored;
    private final String sessionPool;

    Acknowledgements(BackendOptions options, Map<String, PoolQueue> queues, InflightQueue inflight) {
        HookTable hooks = options.hooks();
        this.queues = Map.copyOf(queues);
        this.inflight = inflight;
        this.acked = hooks.entries(Hook.MESSAGE_ACKED);
        this.delivered = hooks.entries(Hook.MESSAGE_DELIVERED);
        this.stored = hooks.entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH);
        this.sessionPool = options.sessionPool().name();
    }

    Future<Answer> onAcked(MessageAcked event) {
        boolean consumed = false;
        for (HookEntry entry : acked) {
            if (!entry.appliesTo(event.topic())) {
                continue;
            }
            consumed |= entry.does(BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE);
            if (entry.does(BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB)) {
                bookmark(entry.pool(), event);
            } else if (!event.again()
                    || entry.action() instanceof FunctionAction) { // commands need not bear to be run twice
                queue(entry.pool()).add(Chore.of(entry, event));
            }
        }
        if (event.persists() && !consumed) {
            bookmark(poolOfLog(event.topic()), event);
        }
        return QUEUED;
    }

    Future<Answer> onDelivered(MessageDelivered event) {
        for (HookEntry entry : delivered) {
            if (entry.appliesTo(event.topic())) {
                queue(entry.pool()).add(Chore.of(entry, event));
            }
        }
        return QUEUED;
    }

    /** A QoS 2 message is about to be sent, or has been received: complete when that is written. */
    Future<Answer> onNoted(UnderwayNoted event) {
        ShareClaim claim = event.claim();
        return claim == null
                ? inflight.note(event.client(), event.underway())
                : inflight.claim(event.client(), event.underway(), claim);
    }

    /** A QoS 2 message is settled: that is written once its bookmark is, for until then Redis would have it sent again. */
    Future<Answer> onSettled(UnderwaySettled event) {
        settled.add(event);
        return QUEUED;
    }

    /** Answers when what is queued by now is written, of any client, and so of this one; fails when an attempt has failed. */
    Future<Answer> onAwaited(AcksAwaited event) {
        Future<?> bookmarks = settled.isEmpty() ? written() : settle();
        return bookmarks.compose(written -> inflight.writtenUpToNow()).compose(written -> QUEUED);
    }

    /** Sends what the events of one batch have queued. */
    void flush() {
        queues.values().forEach(PoolQueue::flush);
        if (!settled.isEmpty()) {
            settle();
        }
        inflight.flush();
    }

    @CanIgnoreReturnValue
    private Future<?> settle() {
        List<UnderwaySettled> over = List.copyOf(settled);
        settled.clear();
        Future<?> bookmarks = written();
        settleAfter(bookmarks, over);
        return bookmarks;
    }

    private void settleAfter(Future<?> bookmarks, List<UnderwaySettled> over) {
        bookmarks
                .onSuccess(written -> {
                    over.forEach(one -> inflight.settle(one.client(), one.number()));
                    inflight.flush();
                })
                .onFailure(away -> settleAfter(written(), over)); // at the next attempt's end, so not at once
    }

    /** A shared subscription is done with a part of a log: its bookmark is no client's, and no hook is told. */
    void onShareMoved(ShareMoved event) {
        queue(poolOfLog(event.topic()))
                .bookmark(
                        Keys.acked(SharedFilter.of(event.filter()).reader(), event.topic()),
                        new Place(event.bookmark(), true));
    }

    /** Complete when all that is queued by now is written, or an attempt to do so has failed. */
    Future<?> written() {
        return Future.join(
                queues.values().stream().map(PoolQueue::writtenUpToNow).toList());
    }

    /** A bookmark of a session lies beside the log that it is a place in. */
    String poolOfLog(TopicName topic) {
        for (HookEntry entry : stored) {
            if (entry.appliesTo(topic)) {
                return entry.pool();
            }
        }
        return sessionPool;
    }

    private void bookmark(String pool, MessageAcked event) {
        MessageId bookmark = event.bookmark();
        if (bookmark != null) {
            queue(pool).bookmark(Keys.acked(event.client(), event.topic()), new Place(bookmark, event.again()));
        }
    }

    private PoolQueue queue(String pool) {
        PoolQueue queue = queues.get(pool);
        if (queue == null) {
            throw new IllegalStateException("no queue for pool " + pool);
        }
        return queue;
    }
}
