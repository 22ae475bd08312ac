package io.redshank.app;

import io.redshank.app.config.Configuration;
import io.redshank.cluster.NodeVerticle;
import io.redshank.cluster.RouteTable;
import io.redshank.cluster.join.ClusterJoinException;
import io.redshank.cluster.join.ClusterNode;
import io.redshank.cluster.join.MemberInfo;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.events.Topology;
import io.redshank.redis.PoolConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a run of a node stands: on its own, or in a cluster. Used from an ordinary thread. */
final class Place {
    private static final Logger log = LoggerFactory.getLogger(Place.class);
    private static final Duration MEET_WITHIN = Duration.ofSeconds(15);
    private static final Duration TELL_WITHIN = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    /** Others answer what they have sent here before they heard that they should not. */
    private static final long LAST_ANSWERS_MILLIS = 300;

    private final LiveTopology topology;
    private final Vertx vertx;
    private final @Nullable ClusterNode cluster;
    private final @Nullable NodeVerticle node;

    private Place(LiveTopology topology, Vertx vertx, @Nullable ClusterNode cluster, @Nullable NodeVerticle node) {
        this.topology = topology;
        this.vertx = vertx;
        this.cluster = cluster;
        this.node = node;
    }

    /** Takes the place that the configuration names. */
    static Place take(Configuration configuration, List<PoolConfig> pools) throws NodeStartException {
        long incarnation = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(configuration.node().eventLoops())
                .setPreferNativeTransport(true);
        Member self = Wiring.member(configuration, incarnation);
        if (!configuration.cluster().enabled()) {
            Vertx alone = Vertx.vertx(options);
            return new Place(LiveTopology.alone(new Topology(self, List.of(), false)), alone, null, null);
        }
        RouteTable routes = new RouteTable();
        LiveTopology topology = new LiveTopology(new Topology(self, List.of(), true), routes);
        try {
            ClusterNode cluster = ClusterNode.join(Wiring.clusterOptions(configuration, incarnation), options);
            return new Place(topology, cluster.vertx(), cluster, new NodeVerticle(topology, routes));
        } catch (ClusterJoinException refused) {
            throw new NodeStartException(String.valueOf(refused.getMessage()));
        }
    }

    Vertx vertx() {
        return vertx;
    }

    LiveTopology topology() {
        return topology;
    }

    /** Gets to know the other nodes, and what they want. */
    void meetOthers() throws NodeStartException {
        if (node != null && cluster != null) {
            NodeVerticle met = node;
            ClusterNode joined = cluster;
            Run.awaitStart(vertx.deployVerticle(met));
            joined.onChange(() -> onMembers(joined, met));
            onMembers(joined, met);
            await("Other nodes have not said all that they want", met.met(), MEET_WITHIN);
        }
    }

    private void onMembers(ClusterNode joined, NodeVerticle met) {
        List<MemberInfo> members = joined.members();
        joined.addMembers(members.stream().map(MemberInfo::address).toList());
        met.seen(members.stream()
                .filter(seen -> !seen.node().equals(self().node()))
                .map(seen -> new Member(seen.node(), seen.incarnation(), Map.of()))
                .toList());
    }

    /** Lets the other nodes know what this one serves with. */
    void announce() {
        if (node != null) {
            await("Other nodes may not know yet what this one serves with", node.announce(self()), TELL_WITHIN);
        }
    }

    /** Has the other nodes send nothing new to this one. */
    void retire() {
        if (node != null) {
            Member retired = new Member(self().node(), self().incarnation(), Map.of());
            await("Other nodes may not know that this one leaves", node.announce(retired), TELL_WITHIN);
            pause();
        }
    }

    /** Leaves the cluster, if in one. */
    void leave() {
        if (cluster != null) {
            cluster.close();
        } else {
            Run.await("Vert.x", vertx.close(), STOP_WITHIN);
        }
    }

    /** Is gone at once. */
    void abandon() {
        if (cluster != null) {
            cluster.abandon();
        } else {
            leave();
        }
    }

    private Member self() {
        return topology.now().self();
    }

    private static void await(String failure, Future<Void> told, Duration within) {
        try {
            told.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            log.warn("{} [waited={} s]", failure, within.toSeconds());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(LAST_ANSWERS_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
