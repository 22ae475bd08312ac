package io.redshank.broker;

import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.MessagePage;
import io.redshank.events.RetainedLookup;
import io.redshank.model.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a new subscription the retained messages it matches, page by page as the client takes them. */
final class RetainedReplay {
    private static final Logger log = LoggerFactory.getLogger(RetainedReplay.class);
    private static final long RETRY_MILLIS = 1000;

    private final Session session;
    private final BrokerInstance instance;
    private final Granted granted;
    private @Nullable String cursor;

    RetainedReplay(Session session, BrokerInstance instance, Granted granted) {
        this.session = session;
        this.instance = instance;
        this.granted = granted;
    }

    /** Asks for the next page as soon as the client has room for it. */
    void start() {
        session.outbound().whenRoom(this::fetch);
    }

    private boolean isWanted() {
        return !session.isEnded() && granted.equals(session.subscription(granted.filter()));
    }

    private void fetch() {
        if (!isWanted()) {
            session.outbound().replayed();
            return;
        }
        instance.outbox
                .request(
                        EventTypes.RETAINED_LOOKUP,
                        Concern.RETAINED,
                        new RetainedLookup(session.client(), granted.plainly().filter(), cursor))
                .onSuccess(this::onPage)
                .onFailure(this::onFailure);
    }

    private void onPage(MessagePage page) {
        if (isWanted()) {
            for (Message message : page.messages()) {
                session.outbound().replay(message, granted, true, false); // [MQTT-3.3.1-8]
            }
            cursor = page.cursor();
            if (page.more()) {
                start();
            }
        }
        session.outbound().replayed();
    }

    private void onFailure(Throwable failure) {
        boolean again = failure instanceof EventFailedException known && known.failure() == EventFailure.UNAVAILABLE;
        log.warn(
                "Retained messages not read [client={}, filter={}, again={}, cause={}]",
                session.client(),
                granted.filter(),
                again,
                failure.getMessage());
        session.outbound().replayed();
        if (again) {
            session.later(RETRY_MILLIS, this::start);
        }
    }
}
