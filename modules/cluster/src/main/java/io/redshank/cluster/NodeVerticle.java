package io.redshank.cluster;

import io.redshank.events.BroadcastInbox;
import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.events.NodesReunited;
import io.redshank.events.Routes;
import io.redshank.events.Topology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node as a member of the cluster: knows the others, tells them what it serves with, which messages it wants and what is listened
 * to on it, and keeps what they tell. One for each node. Its methods may be called from any thread once it is deployed.
 */
public final class NodeVerticle extends VerticleBase {
    private final LiveTopology serving;
    private final RouteTable routes;
    private @Nullable Peers peers;
    private @Nullable EventInbox inbox;
    private @Nullable BroadcastInbox broadcasts;
    private @Nullable EventOutbox outbox;
    private @Nullable EventOutbox toBrokers;

    /**
     * The verticle of a node that does not serve yet.
     *
     * @param serving is kept up to date with the nodes that serve
     * @param routes is kept up to date with what they want
     */
    public NodeVerticle(LiveTopology serving, RouteTable routes) {
        this.serving = serving;
        this.routes = routes;
    }

    @Override
    public Future<?> start() {
        Member here = serving.now().self();
        Member node = new Member(here.node(), here.incarnation(), Map.of(Concern.NODE, 1));
        LiveTopology seen = new LiveTopology(new Topology(node, List.of(), true), Routes.NONE);
        EventOutbox events = new EventOutbox(vertx, seen);
        outbox = events;
        EventOutbox own = new EventOutbox(vertx, serving);
        toBrokers = own;
        Peers others = new Peers(
                context,
                events,
                seen,
                serving,
                routes,
                since -> own.sendToAll(EventTypes.NODES_REUNITED, Concern.BROKER, new NodesReunited(since)));
        peers = others;
        inbox = new EventInbox(vertx, seen, Concern.NODE, 0)
                .on(EventTypes.PEER_GREETED, others::onGreeted)
                .on(EventTypes.ROUTES_CHANGED, others::onRoutes)
                .on(EventTypes.ROUTE_WANTED, others.own()::onWanted);
        broadcasts = new BroadcastInbox(vertx, context, here, others::onInterest);
        return Future.all(inbox.open(), broadcasts.open());
    }

    @Override
    public Future<?> stop() {
        Future<?> deaf = inbox == null ? Future.succeededFuture() : inbox.close();
        Future<?> silent = broadcasts == null ? Future.succeededFuture() : broadcasts.close();
        return Future.join(deaf, silent).onComplete(closed -> {
            if (outbox != null) {
                outbox.close();
            }
            if (toBrokers != null) {
                toBrokers.close();
            }
        });
    }

    /** These runs of other nodes are in the cluster now; what they serve with, they say themselves. */
    public void seen(List<Member> runs) {
        context.runOnContext(now -> running().onSeen(runs));
    }

    /** Complete when each node that is in the cluster now has answered, and has said what it wants, or is gone. */
    public Future<Void> met() {
        return onContext(Peers::met);
    }

    /** Tells all others what this node serves with from now on; complete when they heed it. */
    public Future<Void> announce(Member member) {
        return onContext(others -> others.announce(member));
    }

    private Future<Void> onContext(Function<Peers, Future<Void>> work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> work.apply(running()).onComplete(done));
        return done.future();
    }

    private Peers running() {
        Peers others = peers;
        if (others == null) {
            throw new IllegalStateException("not deployed");
        }
        return others;
    }
}
