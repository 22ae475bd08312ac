package io.redshank.cluster.join;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of a cluster, with the Vert.x that reaches the other members. */
public final class ClusterNode implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterNode.class);
    private static final Duration BUS_WITHIN = Duration.ofSeconds(30);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);
    private static final Duration ABANDON_WITHIN = Duration.ofSeconds(3);
    /** How long a name stays taken by a node that was killed, until its connections tell that it is gone. */
    private static final Duration NAME_WITHIN = Duration.ofSeconds(2);

    private static final long LOOK_AGAIN_MS = 50;
    private static final int BUS_PING_MS = 5_000;

    private final HazelcastInstance hazelcast;
    private final LiveMembers addresses;
    private final Vertx vertx;

    private ClusterNode(HazelcastInstance hazelcast, LiveMembers addresses, Vertx vertx) {
        this.hazelcast = hazelcast;
        this.addresses = addresses;
        this.vertx = vertx;
    }

    /**
     * Joins the cluster, or begins one if there is nobody. Blocks. If it fails, nothing is left running.
     *
     * @param base what else the Vert.x shall be like
     */
    public static ClusterNode join(ClusterOptions options, VertxOptions base) throws ClusterJoinException {
        if (options.secret() == null && !options.address().isLoopback()) {
            throw new ClusterJoinException("the cluster would be open to everybody who reaches "
                    + options.address().host() + ": set cluster.secret, or cluster.host to 127.0.0.1");
        }
        ClusterKeys keys = ClusterKeys.of(options.secret(), options.cluster());
        MemberHandshake handshake = new MemberHandshake(keys, options.cluster());
        LiveMembers addresses = new LiveMembers(
                configured(options.discovery()),
                options.address().advertised() == null ? InetAddress::getAllByName : LiveMembers.KEPT);
        HazelcastInstance hazelcast = hazelcast(options, addresses, handshake);
        try {
            checkOneAddress(hazelcast, options);
            checkNotShutOut(hazelcast, handshake);
            checkMayStay(hazelcast);
            Vertx vertx = clusteredVertx(hazelcast, options, keys, base);
            ClusterNode joined = new ClusterNode(hazelcast, addresses, vertx);
            log.info(
                    "Joined the cluster [name={}, address={}, members={}]",
                    hazelcast.getConfig().getClusterName(),
                    joined.address(),
                    joined.members().size());
            return joined;
        } catch (ClusterJoinException | RuntimeException refused) {
            hazelcast.getLifecycleService().terminate();
            throw refused;
        }
    }

    /** The Vert.x whose event bus reaches all members. */
    public Vertx vertx() {
        return vertx;
    }

    /** All members, this one included, the one that joined first first. */
    public List<MemberInfo> members() {
        return members(hazelcast);
    }

    /** Where this node's Hazelcast is reached, {@code host:port}. */
    public String address() {
        return MemberInfo.addressOf(hazelcast.getCluster().getLocalMember());
    }

    /**
     * Runs this whenever a member has come or gone, and when the parts of a cluster that was split are one again; on a thread of
     * Hazelcast that must not be held up.
     */
    public void onChange(Runnable listener) {
        var unusedMembership = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                listener.run();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                listener.run();
            }
        });
        var unusedLifecycle = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
                listener.run();
            }
        });
    }

    /** From now on other parts of the cluster are looked for there too, so that they are merged after a split. */
    public void addMembers(Collection<String> more) {
        addresses.add(MemberAddress.places(List.copyOf(more)));
    }

    /** Leaves the cluster in good order, within {@link #CLOSE_WITHIN} for each half of it. May be repeated. */
    @Override
    public void close() {
        quietly(vertx.close(), CLOSE_WITHIN);
        hazelcast.shutdown();
    }

    /** Is gone at once, as if the process had been killed. */
    public void abandon() {
        hazelcast.getLifecycleService().terminate();
        quietly(vertx.close(), ABANDON_WITHIN);
    }

    private static HazelcastInstance hazelcast(ClusterOptions options, LiveMembers addresses, MemberHandshake handshake)
            throws ClusterJoinException {
        try {
            return GuardedMembers.start(HazelcastSetup.config(options, addresses), handshake);
        } catch (RuntimeException failed) {
            throw new ClusterJoinException(
                    "Hazelcast does not start at " + options.address() + ": " + failed.getMessage()
                            + " (what it logged before tells more)",
                    failed);
        }
    }

    private static Vertx clusteredVertx(
            HazelcastInstance hazelcast, ClusterOptions options, ClusterKeys keys, VertxOptions base)
            throws ClusterJoinException {
        EventBusOptions bus = new EventBusOptions(base.getEventBusOptions())
                .setHost(options.address().host())
                .setPort(options.address().busPort())
                .setClusterPublicHost(
                        hazelcast.getCluster().getLocalMember().getAddress().getHost())
                .setClusterPingInterval(BUS_PING_MS)
                .setClusterPingReplyInterval(BUS_PING_MS);
        if (options.secret() != null) {
            BusCertificates.secure(bus, keys);
        }
        Future<Vertx> vertx = Vertx.builder()
                .with(new VertxOptions(base).setEventBusOptions(bus))
                .withClusterManager(new HazelcastClusterManager(hazelcast))
                .buildClustered();
        try {
            return vertx.await(BUS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception failed) {
            var unusedLate = vertx.onSuccess(late -> quietly(late.close()));
            throw new ClusterJoinException(
                    "the event bus does not start at " + options.address().host() + ":"
                            + options.address().busPort() + ": " + failed.getMessage()
                            + "; set cluster.host and cluster.bus_port to what this machine can bind",
                    failed);
        }
    }

    private static List<String> configured(Discovery discovery) {
        return discovery instanceof Discovery.Members members ? members.addresses() : List.of();
    }

    /** A file of the user's own may have taken Hazelcast to where the bus is not. */
    private static void checkOneAddress(HazelcastInstance hazelcast, ClusterOptions options)
            throws ClusterJoinException {
        Member self = hazelcast.getCluster().getLocalMember();
        boolean reachable = !self.getSocketAddress().getAddress().isLoopbackAddress();
        if (options.file() != null && options.address().isLoopback() && reachable) {
            throw new ClusterJoinException(options.file() + " has Hazelcast at " + MemberInfo.addressOf(self)
                    + " and cluster.host the event bus at " + options.address().host()
                    + ", which other machines do not reach: set cluster.host (and cluster.secret) too, or let that file"
                    + " bind to loopback");
        }
    }

    /** A node that others do not let in must not begin a cluster of its own beside theirs. */
    private static void checkNotShutOut(HazelcastInstance hazelcast, MemberHandshake handshake)
            throws ClusterJoinException {
        Optional<String> refusedAt = handshake.refusedAt();
        if (refusedAt.isPresent() && hazelcast.getCluster().getMembers().size() == 1) {
            throw new ClusterJoinException("the member of the cluster at " + refusedAt.get()
                    + " has another secret than this node: give both the same cluster.secret, or this one another"
                    + " cluster.name");
        }
    }

    /** A node that was killed and starts again may meet its former self for a moment. */
    private static void checkMayStay(HazelcastInstance hazelcast) throws ClusterJoinException {
        long end = System.nanoTime() + NAME_WITHIN.toNanos();
        Optional<String> refusal = refusal(hazelcast);
        while (refusal.isPresent()) {
            if (System.nanoTime() > end) {
                throw new ClusterJoinException(refusal.get());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ClusterJoinException("interrupted while joining the cluster; start again", interrupted);
            }
            refusal = refusal(hazelcast);
        }
    }

    private static Optional<String> refusal(HazelcastInstance hazelcast) {
        List<MemberInfo> before = new ArrayList<>();
        for (MemberInfo member : members(hazelcast)) {
            if (member.self()) {
                return JoinRules.refusal(member, before);
            }
            before.add(member);
        }
        return Optional.empty();
    }

    private static List<MemberInfo> members(HazelcastInstance hazelcast) {
        List<MemberInfo> members = new ArrayList<>();
        for (Member member : hazelcast.getCluster().getMembers()) { // in the order in which they joined
            MemberInfo.of(member).ifPresent(members::add);
        }
        return members;
    }

    private static void quietly(Future<?> closing, Duration within) {
        try {
            closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            log.warn("The event bus did not close in time [seconds={}]", within.toSeconds());
        } catch (RuntimeException failed) {
            log.warn("The event bus did not close [cause={}]", failed.toString());
        }
    }

    private static void quietly(Future<?> closing) {
        var unused = closing.onFailure(failed -> log.warn("The event bus did not close [cause={}]", failed.toString()));
    }
}
