package io.redshank.broker;

import io.redshank.events.Answer;
import io.redshank.events.MessageAccepted;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one session that are read from their logs, and how much of what is live may be held for all of them together.
 * Confined to the connection's event loop.
 */
final class CatchUps {
    private static final int MAX_HELD = 1000;
    /** Of how many topics it is remembered up to where they were read. */
    private static final int MAX_FINISHED = 1000;

    private static final long REMEMBERED_MILLIS = 10_000;

    private final Session session;
    private final BrokerInstance instance;
    private final Map<TopicName, CatchUp> byTopic = new HashMap<>();
    /** Those in {@link #byTopic} that are at their end and stay only to know again what the bus brings late, and since when. */
    private final Map<TopicName, Long> finished = new LinkedHashMap<>();

    private boolean forgetting;

    /** Up to where topics were read that are to be read on. */
    private final Map<TopicName, MessageId> readUpTo = new HashMap<>();

    private final WildcardReading wildcards;
    private int held;
    private long heldBytes;

    CatchUps(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
        this.wildcards = new WildcardReading(session, instance, this);
    }

    /** What is read for the subscriptions with wildcards. */
    WildcardReading wildcards() {
        return wildcards;
    }

    /**
     * Starts to read the log for a subscription of one topic; live messages of that topic wait until it is read, and what is
     * read until {@code released}. Complete when the first page is read.
     *
     * @param since where it was made, if it is one of a session that goes on and that is known
     * @param reached complete when other nodes send what they store from then on
     */
    Future<Answer> start(Granted granted, @Nullable MessageId since, Future<?> released, Future<?> reached) {
        CatchUp catchUp = begun(new CatchUp.Wanted(granted.filter().asTopic(), null, since), released, null);
        return reached.isComplete() ? catchUp.start() : catchUp.startAfter(reached);
    }

    /** Reads what a queue holds for this client, beside others, again from its beginning. */
    void readQueue(Granted granted) {
        CatchUp catchUp = begun(CatchUp.Wanted.of(granted), Future.succeededFuture(), null);
        catchUp.resume();
    }

    /** Reads the log of a topic on, from this message, as soon as the client takes messages again. */
    void resume(Granted granted, MessageId from) {
        begun(CatchUp.Wanted.of(granted), Future.succeededFuture(), from).resume();
    }

    /** Messages behind this one, which the client has been sent or is about to be, have not come live: reads them. */
    void readBehind(Granted granted, MessageId last) {
        TopicName topic = granted.filter().asTopic();
        CatchUp reading = byTopic.get(topic);
        if (reading == null || !reading.readsOn()) {
            stopToReadOn(topic, last);
            CatchUp behind = begun(new CatchUp.Wanted(topic, null, last), Future.succeededFuture(), null);
            behind.resume();
        }
    }

    /** Reads a topic from its bookmark, what has been sent left out. */
    void readAgain(Granted granted) {
        TopicName topic = granted.filter().asTopic();
        CatchUp reading = byTopic.get(topic);
        if (reading == null || !reading.readsOn()) {
            stopToReadAgain(topic);
            begun(CatchUp.Wanted.of(granted), Future.succeededFuture(), null).resume();
        }
    }

    /** A reading of a topic that only wildcards match; live messages wait from now on. */
    CatchUp of(TopicName topic, MessageId start) {
        stopToReadAgain(topic);
        return begun(new CatchUp.Wanted(topic, start, null), Future.succeededFuture(), null);
    }

    private CatchUp begun(CatchUp.Wanted wanted, Future<?> released, @Nullable MessageId from) {
        MessageId before = readUpTo.get(wanted.topic());
        stop(wanted.topic());
        CatchUp catchUp = new CatchUp(this, session, instance, wanted, released, from);
        if (before != null && from == null) {
            catchUp.skipUpTo(before);
        }
        byTopic.put(wanted.topic(), catchUp);
        if (!catchUp.isForWildcards()) {
            instance.leasedQueues.onReading(session, wanted.topic(), catchUp.over());
        }
        return catchUp;
    }

    /** Whether a live message waits for the log, will come from there, or came from there already. */
    boolean takes(MessageAccepted live, Granted granted) {
        if (byTopic.isEmpty() && wildcards.isCalm()) {
            return false;
        }
        CatchUp catchUp = byTopic.get(live.message().topic());
        return catchUp != null ? catchUp.takes(live) : live.stored() && wildcards.takes(live.message(), granted);
    }

    /** Whether there is room to hold one more; if so, it is taken. */
    boolean mayHold(Message message) {
        if (held >= MAX_HELD || heldBytes >= session.limits().outbound().maxQueuedBytes()) {
            return false;
        }
        held++;
        heldBytes += message.payload().length();
        return true;
    }

    /** One is not held any more. */
    void letGo(Message message) {
        held--;
        heldBytes -= message.payload().length();
    }

    /** The topic is up to date, and what comes is new, except, if something was read, what was read. */
    void finished(CatchUp catchUp, TopicName topic, boolean read) {
        if (!read && !catchUp.isForWildcards()) {
            byTopic.remove(topic, catchUp);
            return;
        }
        finished.put(topic, System.nanoTime());
        if (finished.size() > MAX_FINISHED) {
            Iterator<TopicName> oldest = finished.keySet().iterator();
            byTopic.remove(oldest.next());
            oldest.remove();
        }
        if (wildcards.isCalm()) {
            forgetLater();
        }
    }

    /** All topics that wildcards match are up to date. The bus is not later than this. */
    void onCalm() {
        forgetLater();
    }

    private void forgetLater() {
        if (!forgetting && !finished.isEmpty()) {
            forgetting = true;
            session.later(REMEMBERED_MILLIS, this::forgetFinished);
        }
    }

    private void forgetFinished() {
        forgetting = false;
        if (!wildcards.isCalm()) {
            return; // it tells when it is
        }
        long latest = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(REMEMBERED_MILLIS);
        for (Iterator<Map.Entry<TopicName, Long>> all = finished.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TopicName, Long> next = all.next();
            if (next.getValue() - latest <= 0) {
                byTopic.remove(next.getKey());
                all.remove();
            }
        }
        forgetLater();
    }

    /** The topic is to be read on from its bookmark, which may not be where it has been read, or come live, up to. */
    void stopToReadOn(TopicName topic, MessageId live) {
        CatchUp old = byTopic.get(topic);
        stopToReadAgain(topic);
        if (old == null || old.isUpToDate()) { // else some of what was before is still to be read
            MessageId read = readUpTo.get(topic);
            readUpTo.put(topic, read != null && read.isAfter(live) ? read : live);
        }
    }

    /** The topic is to be read on from its bookmark, and what this connection has read of it is not sent again. */
    void stopToReadAgain(TopicName topic) {
        CatchUp old = byTopic.get(topic);
        MessageId read = old == null ? readUpTo.get(topic) : old.read();
        stop(topic);
        if (read != null) {
            readUpTo.put(topic, read);
        }
    }

    /** The topic is not subscribed to any more, or begun anew. */
    void stop(TopicName topic) {
        readUpTo.remove(topic);
        CatchUp old = byTopic.remove(topic);
        finished.remove(topic);
        if (old != null) {
            old.stop();
        }
    }

    /** A subscription with wildcards has ended. */
    void stopUnwanted() {
        List.copyOf(byTopic.keySet()).stream()
                .filter(topic -> session.grantedFor(topic) == null)
                .forEach(this::stop);
    }
}
