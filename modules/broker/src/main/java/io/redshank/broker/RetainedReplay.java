package io.redshank.broker;

import io.redshank.events.Concern;
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

    private final Session session;
    private final BrokerInstance instance;
    private final Granted granted;
    private @Nullable String cursor;

    RetainedReplay(Session session, BrokerInstance instance, Granted granted) {
        this.session = session;
        this.instance = instance;
        this.granted = granted;
    }

    /** Asks for the next page. */
    void start() {
        if (session.isEnded()) {
            return;
        }
        instance.outbox
                .request(
                        EventTypes.RETAINED_LOOKUP,
                        Concern.RETAINED,
                        new RetainedLookup(session.client(), granted.filter(), cursor))
                .onSuccess(this::onPage)
                .onFailure(failure -> log.warn(
                        "Retained messages not read [client={}, filter={}, cause={}]",
                        session.client(),
                        granted.filter(),
                        failure.getMessage()));
    }

    private void onPage(MessagePage page) {
        if (session.isEnded()) {
            return;
        }
        for (Message message : page.messages()) {
            session.outbound().deliver(message, granted.qos(), true, false); // [MQTT-3.3.1-8]
        }
        cursor = page.cursor();
        if (page.more()) {
            session.outbound().whenRoom(this::start);
        }
    }
}
