package io.redshank.broker;

import io.redshank.broker.topics.Rewriting;
import io.redshank.events.EventOutbox;
import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.TopicName;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** What the parts of one broker verticle instance share. Confined to its event loop. */
final class BrokerInstance {
    final int number;
    final Vertx vertx;
    final BrokerOptions options;
    final EventOutbox outbox;
    final MessageClock clock;
    final SubscriptionTree<Session> tree = new SubscriptionTree<>();
    /** The sessions whose clients are connected here. */
    final Map<ClientId, Session> sessions = new HashMap<>();

    final Rewriting rewriting;
    final ClaimsUnderway claimsUnderway = new ClaimsUnderway();

    BrokerInstance(int number, Vertx vertx, BrokerOptions options, EventOutbox outbox) {
        this.number = number;
        this.vertx = vertx;
        this.options = options;
        this.outbox = outbox;
        this.rewriting = new Rewriting(options.topics().rewrites());
        this.clock = MessageClock.system(options.node() + "/broker/" + number);
    }

    boolean wantsAck(Session session, TopicName topic) {
        return session.hasPlaces() || Interest.in(options.interest().acked(), topic);
    }

    /** Whether a subscription is given what the log of its topic holds. */
    boolean readsLog(Session session, Granted granted) {
        return granted.qos().isAcknowledged()
                && !granted.filter().hasWildcard()
                && (session.hasPlaces() || options.interest().wantsBacklog(granted.filter()));
    }
}
