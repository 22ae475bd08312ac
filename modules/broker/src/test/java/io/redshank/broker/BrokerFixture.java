package io.redshank.broker;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.auth.LoginOptions;
import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.broker.sys.SysOptions;
import io.redshank.broker.topics.TopicRules;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.LiveTopology;
import io.redshank.events.Topology;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A broker of two instances on a port of its own, with stubs behind it. Says what a test wants of it, then starts. */
final class BrokerFixture implements AutoCloseable {
    static final int INSTANCES = 2;
    static final int MAX_PACKET_SIZE = 64 * 1024;
    private static final List<TopicFilter> NOTHING = List.of();
    private static final List<TopicFilter> EVERYTHING = List.of(new TopicFilter("#"));

    final Backends backends = new Backends();
    final LiveTopology topology = LiveTopology.alone(new Topology(
            new NodeName("test@127.0.0.1"),
            Map.of(
                    Concern.BROKER,
                    INSTANCES,
                    Concern.CONNECTIONS,
                    1,
                    Concern.MESSAGES,
                    1,
                    Concern.RETAINED,
                    1,
                    Concern.ACKS,
                    1,
                    Concern.DELAYED,
                    1)));

    private final Vertx vertx = Vertx.vertx();
    private final List<BrokerVerticle> instances = new CopyOnWriteArrayList<>();
    private PacketLimits packets = new PacketLimits(MAX_PACKET_SIZE, 200, 65_535, 128, false);
    private InboundLimits inbound = new InboundLimits(100, 10, 0, 0, MAX_PACKET_SIZE);
    private OutboundLimits outbound = new OutboundLimits(100, 1000, 1 << 20, WhenFull.DROP_NEWEST);
    private SessionLimits sessions = new SessionLimits(3600, 0xFFFF_FFFFL, 1000, 0);
    private Redirect redirect = Redirect.NOWHERE;
    private Transport transport = Transport.TCP;
    private ConnectionLimits connections = ConnectionLimits.within(Duration.ofSeconds(10));
    private Interest interest = new Interest(NOTHING, EVERYTHING, EVERYTHING, NOTHING);
    private LoginOptions logins = LoginOptions.unchecked();
    private boolean anonymousAllowed = true;
    private boolean delayedServed = true;
    private SharedOptions shared = SharedOptions.DEFAULT;
    private SysOptions sys = new SysOptions("redshank 1.2.3", Duration.ZERO);
    private TopicRules topics = TopicRules.NONE;
    private @Nullable String deployment;
    private @Nullable Listener listener;

    @CanIgnoreReturnValue
    BrokerFixture packets(PacketLimits limits) {
        packets = limits;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture inbound(InboundLimits limits) {
        inbound = limits;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture outbound(OutboundLimits limits) {
        outbound = limits;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture sessions(SessionLimits limits) {
        sessions = limits;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture redirect(Redirect elsewhere) {
        redirect = elsewhere;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture receiveMaximum(int messages) {
        return inbound(new InboundLimits(messages, 10, 0, 0, MAX_PACKET_SIZE));
    }

    @CanIgnoreReturnValue
    BrokerFixture connectTimeout(Duration timeout) {
        connections = ConnectionLimits.within(timeout);
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture connections(ConnectionLimits limitsOfConnections) {
        connections = limitsOfConnections;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture transport(Transport spoken) {
        transport = spoken;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture logins(LoginOptions options) {
        logins = options;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture anonymousAllowed(boolean allowed) {
        anonymousAllowed = allowed;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture interest(Interest whatBackendsWant) {
        interest = whatBackendsWant;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture withoutDelays() {
        delayedServed = false;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture shared(SharedOptions special) {
        shared = special;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture topics(TopicRules rules) {
        topics = rules;
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture sysInterval(Duration interval) {
        sys = new SysOptions(sys.version(), interval);
        return this;
    }

    @CanIgnoreReturnValue
    BrokerFixture start() throws Exception {
        Leaks.watch();
        EventCodecs.register(vertx.eventBus());
        backends.deploy(vertx, topology);
        ClientLimits limits = new ClientLimits(packets, inbound, outbound, sessions);
        listener = Listener.of(new ListenerOptions(
                "127.0.0.1", -1, transport, connections, limits, new ServerHints(redirect, "info/"), anonymousAllowed));
        BrokerOptions options = new BrokerOptions(
                topology.now().node(), List.of(listener), interest, shared, true, delayedServed, topics, sys, logins);
        AtomicInteger number = new AtomicInteger();
        deployment = vertx.deployVerticle(
                        () -> {
                            BrokerVerticle instance = new BrokerVerticle(number.getAndIncrement(), options, topology);
                            instances.add(instance);
                            return instance;
                        },
                        new DeploymentOptions().setInstances(INSTANCES))
                .await(5, SECONDS);
        Future.all(instances.stream().map(BrokerVerticle::listen).toList()).await(5, SECONDS);
        return this;
    }

    /** What all instances share of the listener. */
    Listener listener() {
        return Objects.requireNonNull(listener);
    }

    int port() {
        return instances.get(0).ports().get(0);
    }

    /** A connection without a CONNECT yet. */
    RawMqtt open(int version) {
        return RawMqtt.open(port(), version);
    }

    /** A plain client. */
    RawMqtt connect(int version, String clientId) {
        return connect(version, ConnectPacket.of(version, clientId));
    }

    RawMqtt connect(int version, ConnectPacket packet) {
        return RawMqtt.connected(port(), version, packet);
    }

    /** Ends the broker, while the backends stay. */
    void stopBroker() throws Exception {
        beginStop().await(5, SECONDS);
    }

    Future<Void> beginStop() {
        String running = deployment;
        deployment = null;
        return running == null ? Future.succeededFuture() : vertx.undeploy(running);
    }

    @Override
    public void close() throws Exception {
        stopBroker();
        vertx.close().await(5, SECONDS);
        Leaks.expectNone();
    }
}
