package io.redshank.broker;

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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a new subscription of one exact topic what the topic's log holds, page by page as the client takes it, before anything
 * live. Confined to the connection's event loop.
 */
final class CatchUp {
    /*
     * Why nothing is lost, doubled or out of order
     *
     * The subscription is live before the first page is asked for, so each stored message reaches this object by the log, by the
     * bus, or by both. Live ones are held. What a page brings is taken out of what is held, so nothing is sent twice; what is
     * still held after the last page was stored after that page was read, and the bus brings one topic in log order. When more
     * is live than may be held, all held is let go and the log is read on from where the last page ended: it is all there.
     */
    private static final Logger log = LoggerFactory.getLogger(CatchUp.class);
    private static final int MAX_HELD = 1000;
    private static final long RETRY_MILLIS = 1000;

    private final Session session;
    private final BrokerInstance instance;
    private final Granted granted;
    private final Future<?> released;
    private final Promise<Answer> firstPage = Promise.promise();
    private final Map<MessageId, Message> held = new LinkedHashMap<>();
    private boolean overflown;
    private boolean cancelled;
    private @Nullable String cursor;

    /** Reads now, and delivers once {@code released} is complete. */
    CatchUp(Session session, BrokerInstance instance, Granted granted, Future<?> released) {
        this.session = session;
        this.instance = instance;
        this.granted = granted;
        this.released = released;
    }

    /** Asks for the first page; complete when it is there, and with it the place in the log is settled. */
    Future<Answer> start() {
        fetch();
        return firstPage.future();
    }

    /** The subscription has ended: nothing more is delivered for it. */
    void cancel() {
        cancelled = true;
    }

    /** Keeps a live message back until the log's are sent; a message that is not in the log passes. */
    boolean holds(MessageAccepted live) {
        if (!live.stored()) {
            return false;
        }
        if (held.size() < MAX_HELD) {
            held.put(live.message().id(), live.message());
        } else {
            overflown = true;
        }
        return true;
    }

    private void fetch() {
        if (cancelled || session.isEnded()) {
            return;
        }
        if (overflown) {
            overflown = false;
            held.clear();
        }
        instance.outbox
                .request(
                        EventTypes.BACKLOG_FETCH,
                        Concern.MESSAGES,
                        new BacklogFetch(session.client(), granted.subscription(), session.persists(), cursor))
                .onSuccess(this::onRead)
                .onFailure(this::onFailure);
    }

    private void onRead(MessagePage page) {
        firstPage.tryComplete(Answer.DONE);
        released.onComplete(acknowledged -> deliver(page));
    }

    private void deliver(MessagePage page) {
        if (cancelled || session.isEnded()) {
            return;
        }
        for (Message message : page.messages()) {
            held.remove(message.id());
            session.outbound().deliver(message, granted.qos(), false, true);
        }
        cursor = page.cursor();
        if (page.more() || overflown && cursor != null) {
            session.outbound().whenRoom(this::fetch);
        } else {
            finish();
        }
    }

    private void finish() {
        session.endCatchUp(granted.filter().asTopic());
        held.values().forEach(message -> session.outbound().deliver(message, granted.qos(), false, true));
        held.clear();
    }

    private void onFailure(Throwable failure) {
        if (failure instanceof EventFailedException known && known.failure() == EventFailure.REFUSED) {
            log.warn(
                    "Stored messages cannot be read [client={}, topic={}, cause={}]",
                    session.client(),
                    granted.filter(),
                    failure.getMessage());
            onRead(MessagePage.empty());
            return;
        }
        log.warn(
                "Stored messages not read, trying again [client={}, topic={}, cause={}]",
                session.client(),
                granted.filter(),
                failure.getMessage());
        session.later(RETRY_MILLIS, this::fetch);
    }
}
