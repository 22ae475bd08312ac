package io.redshank.broker;

import io.redshank.broker.sys.Counters;
import io.redshank.broker.topics.Rewriting;
import io.redshank.events.Count;
import io.redshank.events.Counts;
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

    /** The part in shared subscriptions of the clients that are connected here. */
    final SharedMembers sharedMembers = new SharedMembers(this);

    /** The clients that are connected here and read queues whose messages go to one of them. */
    final LeasedQueues leasedQueues;

    final Counters counters;
    final Rewriting rewriting;
    final StatusBoard status;
    final ClaimsUnderway claimsUnderway = new ClaimsUnderway();

    BrokerInstance(int number, Vertx vertx, BrokerOptions options, EventOutbox outbox, Counters counters) {
        this.number = number;
        this.vertx = vertx;
        this.options = options;
        this.outbox = outbox;
        this.counters = counters;
        this.rewriting = new Rewriting(options.topics().rewrites());
        this.clock = MessageClock.system(options.node() + "/broker/" + number);
        this.status = new StatusBoard(clock);
        this.leasedQueues = new LeasedQueues(vertx, options.interest().leased());
    }

    boolean wantsAck(Session session, TopicName topic) {
        return session.hasPlaces() || Interest.in(options.interest().acked(), topic);
    }

    /** Whether a subscription is given what the log of its topic holds. */
    boolean readsLog(Session session, Granted granted) {
        return granted.qos().isAcknowledged()
                && !granted.isShared()
                && !granted.filter().hasWildcard()
                && !StatusBoard.has(granted.filter())
                && (session.hasPlaces() || options.interest().wantsBacklog(granted.filter()));
    }

    /** What there is here now, and what this instance has counted. */
    Counts counts(SharedGroups groups) {
        Map<Count, Long> counts = counters.totals();
        counts.put(Count.CONNECTIONS, (long) sessions.size());
        counts.put(Count.SUBSCRIPTIONS, (long) tree.size());
        counts.put(Count.SHARED_SUBSCRIPTIONS, groups.members());
        long inflight = 0;
        for (Session session : sessions.values()) {
            inflight += session.outbound().inflight();
        }
        counts.put(Count.INFLIGHT, inflight);
        return new Counts(counts);
    }
}
