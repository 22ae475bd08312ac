package io.redshank.retained;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the retained messages of one instance to one pool, in order. While Redis is away they wait here, one for each topic.
 * Confined to the verticle's context.
 */
final class RetainedWriter {
    /*
     * One batch is under way at a time; what comes meanwhile is the next one. So what is put back after a failure is older than
     * all that waits, and two messages on a topic never overtake each other.
     */
    private static final Logger log = LoggerFactory.getLogger(RetainedWriter.class);
    private static final int MAX_BATCH = 1_000;
    private static final int MAX_HELD = 10_000;

    private final RedisLink link;
    private final WriteBatch.Sender sender;
    private final Patience patience;
    private final RecentDeletes deletes = new RecentDeletes();
    private final boolean rejectOnOutage;
    private final Map<TopicName, PendingWrite> queue = new LinkedHashMap<>();
    private boolean underWay;
    private boolean outage;
    private boolean closed;
    private long dropped;

    RetainedWriter(Vertx vertx, RedisLink link, RetainedCommands commands, boolean rejectOnOutage) {
        this.link = link;
        this.sender = new WriteBatch.Sender(link, commands);
        this.patience = new Patience(vertx, link);
        this.rejectOnOutage = rejectOnOutage;
    }

    /** Stores or deletes. Completes when Redis has it; at QoS 0 at once. Leaves with the next {@link #flush}. */
    Future<Void> write(HookEntry entry, Message message) {
        if (closed) {
            return Future.failedFuture(stopping());
        }
        if (!message.qos().isAcknowledged()) {
            if (outage && queue.size() >= MAX_HELD && !queue.containsKey(message.topic())) {
                dropped++;
            } else {
                enqueue(new PendingWrite(entry, message, List.of()));
            }
            return Future.succeededFuture();
        }
        Promise<Void> written = Promise.promise();
        enqueue(new PendingWrite(entry, message, List.of(written)));
        return written.future();
    }

    /** Sends what waits, unless that has to go on waiting. */
    void flush() {
        if (outage && rejectOnOutage) {
            rejectWaiting(new ArrayList<>(queue.values()));
        }
        if (underWay || queue.isEmpty()) {
            return;
        }
        underWay = true;
        List<PendingWrite> batch = take();
        sender.send(batch).onComplete(done -> onDone(done.result(), batch, done.cause()));
    }

    /** Fails what waits. */
    void close() {
        closed = true;
        queue.values().forEach(write -> write.waiting().forEach(promise -> promise.fail(stopping())));
        queue.clear();
    }

    private void enqueue(PendingWrite write) {
        queue.merge(write.message().topic(), write, PendingWrite::mergedWith);
    }

    private List<PendingWrite> take() {
        List<PendingWrite> batch = new ArrayList<>(Math.min(queue.size(), MAX_BATCH));
        var oldest = queue.values().iterator();
        while (oldest.hasNext() && batch.size() < MAX_BATCH) {
            PendingWrite write = oldest.next();
            oldest.remove();
            if (deletes.haveOvertaken(write.message())) {
                write.waiting().forEach(Promise::complete);
            } else {
                batch.add(write);
            }
        }
        return batch;
    }

    private void onDone(WriteBatch.Outcome outcome, List<PendingWrite> batch, Throwable wholeFailed) {
        underWay = false;
        if (wholeFailed != null) {
            holdOrReject(batch, wholeFailed);
            return;
        }
        for (PendingWrite write : outcome.written()) {
            deletes.note(write.message());
            write.waiting().forEach(Promise::complete);
        }
        outcome.rejected().forEach(this::refuse);
        if (!outcome.notNow().isEmpty()) {
            holdOrReject(outcome.notNow(), outcome.whyNotNow());
            return;
        }
        if (outage) {
            onBack();
        }
        flush();
    }

    private void onBack() {
        outage = false;
        patience.reset();
        if (dropped > 0) {
            log.warn(
                    "Retained messages of QoS 0 lost while Redis was away [pool={}, topics={}]",
                    link.pool().name(),
                    dropped);
            dropped = 0;
        }
    }

    /** Puts them back, ahead of what has come since, and tries again when that is worth it. */
    private void holdOrReject(List<PendingWrite> writes, Throwable why) {
        if (!outage && link.isUp()) { // of a link that is down, the link has told
            log.warn(
                    "Retained messages wait for Redis [pool={}, cause={}]",
                    link.pool().name(),
                    why.getMessage());
        }
        List<PendingWrite> later = new ArrayList<>(queue.values());
        queue.clear();
        writes.forEach(this::enqueue);
        later.forEach(this::enqueue);
        outage = true;
        if (closed) {
            close();
            return;
        }
        if (rejectOnOutage) {
            rejectWaiting(new ArrayList<>(queue.values()));
        }
        underWay = true;
        patience.untilReady().onComplete(ready -> {
            underWay = false;
            if (ready.succeeded()) {
                sendHeld();
            } else {
                close();
            }
        });
    }

    private void sendHeld() {
        if (queue.isEmpty()) {
            onBack();
        } else {
            flush();
        }
    }

    /** Fails all that somebody waits for. A message whose publisher hears that it failed is not written later either. */
    private void rejectWaiting(List<PendingWrite> writes) {
        EventFailedException unavailable = new EventFailedException(
                EventFailure.UNAVAILABLE, "Redis pool " + link.pool().name() + " is away");
        for (PendingWrite write : writes) {
            write.waiting().forEach(promise -> promise.fail(unavailable));
            if (write.message().qos().isAcknowledged()) {
                queue.remove(write.message().topic());
            } else {
                queue.put(write.message().topic(), new PendingWrite(write.entry(), write.message(), List.of()));
            }
        }
    }

    private void refuse(PendingWrite write, RedisFailure why) {
        String did = write.message().deletesRetained() ? "DEL" : "HSET";
        String key = Keys.retained(write.message().topic());
        log.warn(
                "Retained message not stored [hook={}, command={}, key={}, cause={}]",
                write.entry().path(),
                did,
                key,
                why.getMessage());
        EventFailedException refused =
                new EventFailedException(EventFailure.REFUSED, did + " " + key + ": " + why.getMessage());
        write.waiting().forEach(promise -> promise.fail(refused));
    }

    private static EventFailedException stopping() {
        return new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping");
    }
}
