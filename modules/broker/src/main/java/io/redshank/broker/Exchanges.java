package io.redshank.broker;

import io.netty.util.collection.LongObjectHashMap;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.ShareClaim;
import io.redshank.events.UnderwayNoted;
import io.redshank.events.UnderwaySettled;
import io.redshank.model.Qos;
import io.redshank.model.Underway;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The QoS 2 exchanges with a client whose session persists, which Redis knows of as long as they are open. Confined to the
 * connection's event loop.
 */
final class Exchanges {
    /*
     * Why a message comes once, whenever the node is killed
     *
     * Redis knows of each message before its PUBLISH leaves, so the next connection sends it with the same packet id, by which the
     * client knows it again. It knows of PUBREC before PUBREL leaves, and the client keeps the packet id until then: so there is
     * no time at which the client has forgotten the id and Redis would have the message sent. It is forgotten when PUBCOMP has come
     * and the topic's bookmark is written past it, since until then the log would bring it again. A packet id may be used again
     * meanwhile; the later one of two then says who has it.
     */
    private static final Logger log = LoggerFactory.getLogger(Exchanges.class);

    private static final class Exchange {
        boolean passed;
        boolean completed;

        Exchange(boolean passed, boolean completed) {
            this.passed = passed;
            this.completed = completed;
        }
    }

    private final Session session;
    private final BrokerInstance instance;
    private final LongObjectHashMap<Exchange> open = new LongObjectHashMap<>();

    Exchanges(Session session, BrokerInstance instance) {
        this.session = session;
        this.instance = instance;
    }

    /** Whether what is sent at this quality is an exchange that Redis has to know of. */
    boolean include(Qos qos) {
        return qos == Qos.EXACTLY_ONCE && session.persists();
    }

    boolean isOpen(long number) {
        return open.containsKey(number);
    }

    /** A message is about to be sent; complete when it may be. */
    Future<Answer> begin(Underway underway, boolean movesBookmark) {
        open.put(underway.number(), new Exchange(!movesBookmark, false));
        return note(underway);
    }

    /**
     * The same for a message of a shared subscription, which is this client's if no other one has it; fails if it may not be sent. If
     * it is not known whether it may, the next connection knows.
     */
    Future<Answer> claim(Underway underway, Assignment share) {
        boolean persists = session.persists();
        if (persists) {
            open.put(underway.number(), new Exchange(true, false));
        }
        return instance.outbox
                .request(
                        EventTypes.UNDERWAY_NOTED,
                        Concern.ACKS,
                        new UnderwayNoted(
                                session.client(),
                                underway.with(null),
                                new ShareClaim(share.filter(), share.era(), !persists)))
                .onFailure(refused -> open.remove(underway.number()));
    }

    /** Redis knows of this one from the session's last connection. */
    void resume(Underway underway, boolean completed) {
        Exchange exchange = new Exchange(!underway.logged(), completed);
        open.put(underway.number(), exchange);
        settle(underway.number(), exchange);
    }

    /** PUBREC has come; complete when PUBREL may be sent. */
    Future<Answer> release(Underway underway) {
        return note(underway);
    }

    /** The topic's bookmark is past the message: its move was told before this is called, or with the same batch. */
    void passed(long number) {
        Exchange exchange = open.get(number);
        if (exchange != null) {
            exchange.passed = true;
            settle(number, exchange);
        }
    }

    /** PUBCOMP has come. */
    void complete(long number) {
        Exchange exchange = open.get(number);
        if (exchange != null) {
            exchange.completed = true;
            settle(number, exchange);
        }
    }

    private void settle(long number, Exchange exchange) {
        if (exchange.passed && exchange.completed) {
            open.remove(number);
            instance.outbox.send(
                    EventTypes.UNDERWAY_SETTLED, Concern.ACKS, new UnderwaySettled(session.client(), number));
        }
    }

    private Future<Answer> note(Underway underway) {
        return instance.outbox
                .request(
                        EventTypes.UNDERWAY_NOTED,
                        Concern.ACKS,
                        new UnderwayNoted(session.client(), underway.with(null), null))
                .otherwise(failure -> {
                    log.warn(
                            "Message may come twice if the node is killed [client={}, topic={}, cause={}]",
                            session.client(),
                            underway.topic(),
                            failure.getMessage());
                    return Answer.DONE;
                });
    }
}
