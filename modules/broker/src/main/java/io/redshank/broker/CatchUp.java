package io.redshank.broker;

import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.BacklogFetch;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a session what one topic's log holds for it, page by page as the client takes it, before anything live. Confined to the
 * connection's event loop.
 */
final class CatchUp {
    /*
     * Why nothing is lost, doubled or out of order
     *
     * The subscription is live before the first page is asked for, so each stored message reaches this object by the log, by the
     * bus, or by both. Live ones are held. What a page brings is taken out of what is held, and what the bus brings later than
     * a page did is known by its id, so nothing is sent twice; what is still held after the last page was stored after that page
     * was read, and the bus brings one topic in log order. When more is live than may be held, all held is let go and the log is
     * read on from where the last page ended: it is all there.
     *
     * The first page begins at the bookmark, which Redis may know late, and the client goes on acknowledging while it is read. So
     * what is underway is noted before it is asked for, and not sent again whatever becomes of it meanwhile; and a bookmark that
     * has moved before that is waited for.
     *
     * A page that comes while the client has no room for it is let go too, and asked for again: only one page at a time waits in
     * a session's queue, however many topics it reads.
     */
    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
    private static final long RETRY_MILLIS = 1000;

    private final CatchUps all;
    private final Session session;
    private final BrokerInstance instance;
    private final Wanted wanted;
    private final Future<?> released;
    private final @Nullable MessageId from;
    private final Promise<Answer> firstPage = Promise.promise();
    private final Promise<Answer> over = Promise.promise();
    private final Map<MessageId, Message> held = new LinkedHashMap<>();
    /** What the client had been sent, and Redis might not know that it has it, when the log began to be read. */
    private final Set<MessageId> underway = new HashSet<>();

    private boolean myTurn;
    private boolean lentTurn;
    private boolean overflown;
    private boolean upToDate;
    private boolean stopped;
    private @Nullable String cursor;
    /** Up to where the log has been read, and all of it been sent or waits to be. */
    private @Nullable MessageId read;

    private @Nullable MessageId skipUpTo;

    /**
     * What is read, and for whom.
     *
     * @param topic whose log
     * @param start behind which a subscription with wildcards counts; null if there is a subscription of this very topic
     * @param since behind which a subscription of this very topic is read if its bookmark is lost; null if it is a new one
     */
    record Wanted(
            TopicName topic,
            @Nullable MessageId start,
            @Nullable MessageId since) {
        /** What a subscription of one topic has a bookmark in. */
        static Wanted of(Granted granted) {
            return new Wanted(granted.filter().asTopic(), null, null);
        }
    }

    /**
     * Delivers once {@code released} is complete.
     *
     * @param from the first message that is not delivered yet, if that is known
     */
    CatchUp(
            CatchUps all,
            Session session,
            BrokerInstance instance,
            Wanted wanted,
            Future<?> released,
            @Nullable MessageId from) {
        this.all = all;
        this.session = session;
        this.instance = instance;
        this.wanted = wanted;
        this.released = released;
        this.from = from;
        noteUnderway();
    }

    /** Asks for the first page; complete when it is there, and with it the place in the log is settled. */
    Future<Answer> start() {
        fetch();
        return firstPage.future();
    }

    /** The same when this is complete, by which all that is stored later comes live; what comes live before waits. */
    Future<Answer> startAfter(Future<?> reached) {
        reached.onComplete(live -> fetch());
        return firstPage.future();
    }

    /** Asks for the first page in a turn that its caller has taken; complete when that page is dealt with. */
    Future<Answer> startInTurn() {
        lentTurn = true;
        return start();
    }

    /** Asks for the first page when the client has room for it. */
    void resume() {
        session.outbound().whenRoom(this::takeTurn);
    }

    /** What comes up to this message, from the log or live, has been sent, or waits to be; to be called before anything is read. */
    void skipUpTo(MessageId id) {
        skipUpTo = id;
        read = id;
    }

    /** Up to where the log has been read so far, which another reading of it need not send again; null if that is not known. */
    @Nullable
    MessageId read() {
        return read;
    }

    /** Whether the log has been read to its end, and what is live need not wait for it any more. */
    boolean isUpToDate() {
        return upToDate;
    }

    /** Some live messages have not come. Answers whether they will be read anyway, because the log is not read to its end yet. */
    boolean readsOn() {
        if (upToDate || stopped) {
            return false;
        }
        overflown = true;
        return true;
    }

    /** Complete when the log has been read to its end, or is not read any more. */
    Future<Answer> over() {
        return over.future();
    }

    /** Reads no more. What waits for the first page gets it. */
    void stop() {
        stopped = true;
        letGoOfHeld();
        over.tryComplete(Answer.DONE);
    }

    /** Whether it is for subscriptions with wildcards only. */
    boolean isForWildcards() {
        return wanted.start() != null;
    }

    /** Keeps a live message back until the log's are sent, or drops it because it was; one that is not in the log passes. */
    boolean takes(MessageAccepted live) {
        Message message = live.message();
        if (!live.stored()) {
            return false;
        }
        if (wasRead(message.id())) {
            return true;
        }
        if (upToDate) {
            return false;
        }
        if (!overflown && all.mayHold(message)) {
            Message before = held.put(message.id(), message);
            if (before != null) {
                all.letGo(before);
            }
        } else {
            overflown = true;
        }
        return true;
    }

    /** Ids of ours are in the order of the log; others cannot be compared. */
    private boolean wasRead(MessageId id) {
        return read != null && read.value().length() == MessageId.LENGTH && !id.isAfter(read);
    }

    /** A bookmark may be behind what has been sent, and even behind what has been acknowledged a moment ago. */
    private boolean wasSent(Message message) {
        boolean before =
                from != null && message.id().value().length() == MessageId.LENGTH && from.isAfter(message.id());
        boolean known = skipUpTo != null
                && message.id().value().length() == MessageId.LENGTH
                && !message.id().isAfter(skipUpTo);
        return before
                || known
                || underway.contains(message.id())
                || session.outbound().isUnderway(message);
    }

    private void noteUnderway() {
        underway.addAll(session.outbound().underwayOf(wanted.topic()));
    }

    private void takeTurn() {
        myTurn = true;
        fetch();
    }

    private void endTurn() {
        lentTurn = false;
        if (myTurn) {
            myTurn = false;
            session.outbound().replayed();
        }
    }

    private void fetch() {
        Granted granted = session.grantedFor(wanted.topic());
        if (session.isEnded() || stopped || granted == null) {
            firstPage.tryComplete(Answer.DONE);
            over.tryComplete(Answer.DONE);
            endTurn();
            return;
        }
        if (overflown) {
            overflown = false;
            letGoOfHeld();
        }
        if (cursor == null && !lentTurn && session.outbound().hasMovedBookmarks()) { // who lends a turn has waited
            noteUnderway();
            instance.outbox
                    .request(EventTypes.ACKS_AWAITED, Concern.ACKS, new AcksAwaited(session.client()))
                    .onSuccess(written -> request(granted))
                    .onFailure(this::onFailure); // read now, some messages would come twice
        } else {
            request(granted);
        }
    }

    private void request(Granted granted) {
        instance.outbox
                .request(
                        EventTypes.BACKLOG_FETCH,
                        Concern.MESSAGES,
                        new BacklogFetch(
                                session.client(),
                                granted.ofTopic(wanted.topic()),
                                wanted.start(),
                                wanted.since(),
                                session.hasPlaces(),
                                cursor))
                .onSuccess(this::onRead)
                .onFailure(this::onFailure);
    }

    private void onRead(MessagePage page) {
        released.onComplete(acknowledged -> onReleased(page)); // first in the line of those who wait for room
        firstPage.tryComplete(Answer.DONE);
    }

    private void onReleased(MessagePage page) {
        Granted granted = session.grantedFor(wanted.topic());
        if (session.isEnded() || stopped || granted == null) {
            over.tryComplete(Answer.DONE);
            endTurn();
        } else if (myTurn
                || lentTurn
                || page.messages().isEmpty()
                || session.outbound().isIdle()) {
            deliver(page, granted);
        } else {
            resume();
        }
    }

    private void deliver(MessagePage page, Granted granted) {
        for (Message message : page.messages()) {
            Message live = held.remove(message.id());
            if (live != null) {
                all.letGo(live);
            }
            if (!wasSent(message)) {
                replay(message, granted);
            }
            readTo(message.id());
        }
        MessageId upTo = page.upTo();
        if (upTo != null) {
            readTo(upTo);
        }
        cursor = page.cursor();
        boolean goesOn = page.more() || overflown && cursor != null;
        if (!goesOn) {
            finish(granted);
        }
        endTurn(); // this one, and not the next
        if (goesOn) {
            resume();
        }
    }

    /** A bookmark may be behind what is not to be sent again. */
    private void readTo(MessageId id) {
        boolean further = skipUpTo == null || id.value().length() != MessageId.LENGTH || id.isAfter(skipUpTo);
        read = further ? id : skipUpTo;
    }

    private void replay(Message message, Granted granted) {
        if (!granted.noLocal() || !message.from().equals(session.client())) { // [MQTT-3.8.3-3]
            session.outbound().replay(message, granted, granted.retainAsPublished() && message.retain(), true);
        }
    }

    private void finish(Granted granted) {
        for (Message message : held.values()) {
            if (!wasRead(message.id())) { // or the bus has brought late what was read before this reading began
                replay(message, granted);
            }
        }
        letGoOfHeld();
        upToDate = true;
        all.finished(this, wanted.topic(), read != null);
        over.tryComplete(Answer.DONE);
    }

    private void letGoOfHeld() {
        held.values().forEach(all::letGo);
        held.clear();
    }

    private void onFailure(Throwable failure) {
        if (failure instanceof EventFailedException known && known.failure() == EventFailure.REFUSED) {
            log.warn(
                    "Stored messages cannot be read [client={}, topic={}, cause={}]",
                    session.client(),
                    wanted.topic(),
                    failure.getMessage());
            onRead(MessagePage.empty());
            return;
        }
        log.warn(
                "Stored messages not read, trying again [client={}, topic={}, cause={}]",
                session.client(),
                wanted.topic(),
                failure.getMessage());
        boolean first = !firstPage.future().isComplete();
        boolean lent = lentTurn;
        endTurn();
        lentTurn = lent;
        session.later(RETRY_MILLIS, first ? this::fetch : this::resume);
    }
}
