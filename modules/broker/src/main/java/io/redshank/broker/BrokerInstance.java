package io.redshank.broker;

import io.redshank.broker.sys.Counters;
import io.redshank.broker.topics.Rewriting;
import io.redshank.events.Broadcasts;
import io.redshank.events.Concern;
import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.EventOutbox;
import io.redshank.events.Instance;
import io.redshank.events.Member;
import io.redshank.events.Topology;
import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/** What the parts of one broker verticle instance share. Confined to its event loop. */
final class BrokerInstance {
    private static final int MOST_OWNERS = 10_000;

    final int number;
    final Vertx vertx;
    final BrokerOptions options;
    final EventOutbox outbox;
    final Broadcasts broadcasts;
    final MessageClock clock;
    /** What this instance wants of other nodes. */
    final Wanted wanted;

    final SubscriptionTree<Session> tree;
    /** The sessions whose clients are connected here. */
    final Map<ClientId, Session> sessions = new HashMap<>();

    /** The part in shared subscriptions of the clients that are connected here. */
    final SharedMembers sharedMembers = new SharedMembers(this);

    /** The shared subscriptions that this instance deals out. */
    final SharedGroups sharedGroups;

    /** What of each topic has come here. */
    final TopicOrder order = new TopicOrder(TopicOrder.MOST_TOPICS);

    /** The clients that are connected here and read queues whose messages go to one of them. */
    final LeasedQueues leasedQueues;

    final Counters counters;
    final Rewriting rewriting;
    final StatusBoard status;
    final ClaimsUnderway claimsUnderway = new ClaimsUnderway();

    /** Of shared subscriptions in use, which instance owns each. */
    private final Map<TopicFilter, Instance> owners = new HashMap<>();

    private Topology topology;

    BrokerInstance(
            int number, Vertx vertx, BrokerOptions options, Topology topology, EventOutbox outbox, Counters counters) {
        this.number = number;
        this.topology = topology;
        this.wanted = new Wanted(outbox, topology.clustered());
        this.tree = new SubscriptionTree<>(wanted::begin, wanted::end);
        this.vertx = vertx;
        this.options = options;
        this.outbox = outbox;
        this.broadcasts = outbox.broadcasts();
        this.counters = counters;
        this.rewriting = new Rewriting(options.topics().rewrites());
        this.clock = MessageClock.system(options.node() + "/broker/" + number);
        this.status = new StatusBoard(clock);
        this.leasedQueues = new LeasedQueues(vertx, options.interest().leased());
        this.sharedGroups = new SharedGroups(this);
    }

    /** Nodes have come or gone; answers what there was before. */
    Topology topology(Topology now) {
        Topology before = topology;
        topology = now;
        owners.clear();
        sharedMembers.ownersChanged(filter -> ownerOf(filter, before));
        return before;
    }

    /** Whether a node serves, as far as this instance has heard. */
    boolean knows(NodeName node) {
        return topology.member(node) != null;
    }

    /** Whether there are other nodes now. */
    boolean hasPeers() {
        return !topology.others().isEmpty();
    }

    /** This run of the node. */
    Member member() {
        return topology.self();
    }

    /** The name by which others send to this instance. */
    Instance self() {
        return new Instance(topology.node(), number);
    }

    /** The instance, of all nodes, that owns a shared subscription. */
    Instance ownerOf(TopicFilter shared) {
        if (owners.size() >= MOST_OWNERS) {
            owners.clear();
        }
        return owners.computeIfAbsent(shared, filter -> ownerOf(filter, topology));
    }

    private Instance ownerOf(TopicFilter shared, Topology among) {
        Instance owner = among.owner(Concern.BROKER, shared.value().hashCode());
        return owner == null ? self() : owner;
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
    Counts counts() {
        Map<Count, Long> counts = counters.totals();
        counts.put(Count.CONNECTIONS, (long) sessions.size());
        counts.put(Count.SUBSCRIPTIONS, (long) tree.size());
        counts.put(Count.SHARED_SUBSCRIPTIONS, sharedGroups.members());
        long inflight = 0;
        for (Session session : sessions.values()) {
            inflight += session.outbound().inflight();
        }
        counts.put(Count.INFLIGHT, inflight);
        if (number == 0) { // they are counted for the node
            counts.put(Count.BROADCASTS_LOST, broadcasts.lost());
        }
        return new Counts(counts);
    }
}
