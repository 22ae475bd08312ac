package io.redshank.cluster;

import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventSet;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.events.PeerGreeted;
import io.redshank.events.RoutesChanged;
import io.redshank.model.NodeName;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other nodes of the cluster, and what this one and they tell each other. Confined to the context of the node's verticle. */
final class Peers {
    private static final Logger log = LoggerFactory.getLogger(Peers.class);
    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    private final Context context;
    private final EventOutbox outbox;
    /** All that are seen, so that they can be sent to. */
    private final LiveTopology seen;
    /** Those that serve, for everybody on this node. */
    private final LiveTopology serving;

    private final RouteTable routes;
    private final OwnRoutes own;
    private final Map<NodeName, Peer> peers = new LinkedHashMap<>();
    private final Separations separations = new Separations();
    private final LongConsumer onReunited;
    private final List<Promise<Void>> awaitMet = new ArrayList<>();
    private Member self;

    Peers(
            Context context,
            EventOutbox outbox,
            LiveTopology seen,
            LiveTopology serving,
            RouteTable routes,
            LongConsumer onReunited) {
        this.context = context;
        this.outbox = outbox;
        this.seen = seen;
        this.serving = serving;
        this.routes = routes;
        this.onReunited = onReunited;
        this.own = new OwnRoutes(serving.now().node(), this::tellNews);
        Member here = serving.now().self();
        this.self = new Member(here.node(), here.incarnation(), Map.of());
    }

    OwnRoutes own() {
        return own;
    }

    /** These runs of other nodes are in the cluster now. */
    void onSeen(List<Member> runs) {
        peers.values().removeIf(peer -> {
            boolean gone = runs.stream().noneMatch(peer.state()::isSameRunAs);
            if (gone) {
                log.info("Node has gone [node={}]", peer.node());
                routes.drop(peer.node());
                separations.begin(peer.state(), Separations.notMissedAtOnce());
            }
            return gone;
        });
        List<Peer> added = new ArrayList<>();
        for (Member run : runs) {
            if (!peers.containsKey(run.node())) {
                Peer peer = new Peer(run, routes);
                peers.put(run.node(), peer);
                added.add(peer);
            }
        }
        seen.change(runs.stream()
                .map(run -> new Member(run.node(), run.incarnation(), Map.of(Concern.NODE, 1)))
                .toList());
        showServing();
        checkMet();
        context.runOnContext(known -> added.forEach(this::meet)); // when the outbox knows them
    }

    /** Another node introduces itself, or says what it serves with now. */
    Future<Member> onGreeted(PeerGreeted greeting) {
        Peer peer = peers.get(greeting.member().node());
        if (peer != null && peer.state().isSameRunAs(greeting.member())) {
            peer.says(greeting.member());
            showServing();
            if (greeting.anew() && peer.isTold()) {
                tellAll(peer).onSuccess(told -> onTold(peer));
            }
        }
        return Future.succeededFuture(self);
    }

    /** Another node says what it wants. One that is not seen yet is asked for all of it once it is. */
    Future<Answer> onRoutes(RoutesChanged changed) {
        Peer peer = peers.get(changed.node());
        if (peer != null) {
            peer.wants(changed);
            checkMet();
        }
        return DONE;
    }

    /** Complete when each node that is in the cluster has answered, and has said what it wants. */
    Future<Void> met() {
        Promise<Void> all = Promise.promise();
        awaitMet.add(all);
        checkMet();
        return all.future();
    }

    /** Tells all what this node serves with from now on; complete when they know. */
    Future<Void> announce(Member now) {
        return tellSelf(now.listeningTo(self.listensTo()));
    }

    /** Verticles of users listen to these events on this node from now on. */
    void onInterest(EventSet events) {
        if (!events.equals(self.listensTo())) {
            tellSelf(self.listeningTo(events))
                    .onSuccess(
                            told -> log.debug("Other nodes know what is listened to here [events={}]", events.bits()));
        }
    }

    private Future<Void> tellSelf(Member now) {
        self = now;
        List<Future<?>> told = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (peer.isGreeted()) { // others will hear it when they are met
                told.add(greet(peer, false));
            }
        }
        return Future.join(told).transform(known -> Future.succeededFuture());
    }

    private void meet(Peer peer) {
        Member introduced = self;
        greet(peer, true).onSuccess(state -> {
            if (isServing(self) && isServing(state)) { // each in a cluster of its own, so far
                separations.begin(peer.state(), Math.max(self.incarnation(), state.incarnation()) / 1000);
            }
            log.info("Node has come [node={}]", peer.node());
            peer.greeted();
            if (!self.equals(introduced)) {
                greet(peer, false).onSuccess(known -> log.debug("Node told again [node={}]", peer.node()));
            }
            tellAll(peer).onSuccess(told -> onTold(peer));
            showServing();
            checkMet();
        });
    }

    private Future<Member> greet(Peer peer, boolean anew) {
        return outbox.requestOf(EventTypes.PEER_GREETED, Concern.NODE, nodeOf(peer), new PeerGreeted(self, anew))
                .onSuccess(peer::says)
                .onFailure(gone -> log.debug("Node not greeted [node={}, cause={}]", peer.node(), gone.getMessage()));
    }

    /** It sends what is wanted here, from now on; if it could not for a while, that is to be made up for. */
    private void onTold(Peer peer) {
        long since = separations.end(peer.state());
        if (since > 0) {
            log.info("Node is reached again [node={}, not reached since={}]", peer.node(), Instant.ofEpochMilli(since));
            onReunited.accept(since);
        }
    }

    private Future<Answer> tellAll(Peer peer) {
        peer.tellsAll();
        return own.tellAll(page -> tell(peer, page))
                .onFailure(gone -> log.debug("Node not told [node={}, cause={}]", peer.node(), gone.getMessage()));
    }

    private Future<Answer> tellNews(RoutesChanged news) {
        List<Future<?>> told = new ArrayList<>();
        for (Peer peer : peers.values()) {
            if (peer.isTold()) {
                told.add(tell(peer, news));
            }
        }
        return told.isEmpty() ? DONE : Future.join(told).transform(known -> DONE);
    }

    private Future<Answer> tell(Peer peer, RoutesChanged changed) {
        return outbox.requestOf(EventTypes.ROUTES_CHANGED, Concern.NODE, nodeOf(peer), changed);
    }

    private static boolean isServing(Member member) {
        return !member.instances().isEmpty();
    }

    private static Instance nodeOf(Peer peer) {
        return new Instance(peer.node(), 0);
    }

    private void showServing() {
        List<Member> now = peers.values().stream()
                .map(Peer::state)
                .filter(Peers::isServing)
                .toList();
        if (!now.equals(serving.now().others())) {
            serving.change(now);
        }
    }

    private void checkMet() {
        if (peers.values().stream().allMatch(Peer::isMet)) {
            awaitMet.forEach(Promise::tryComplete);
            awaitMet.clear();
        }
    }
}
