package io.redshank.app;

import io.redshank.acks.AcksVerticle;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.PoolSettings;
import io.redshank.broker.BrokerOptions;
import io.redshank.broker.BrokerVerticle;
import io.redshank.connections.ChannelVerticle;
import io.redshank.connections.ConnectionsVerticle;
import io.redshank.delayed.DelayedVerticle;
import io.redshank.embedded.EmbeddedRedis;
import io.redshank.embedded.EmbeddedRedisException;
import io.redshank.embedded.EmbeddedRedisOptions;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.messages.MessagesVerticle;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.redshank.retained.RetainedVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: its Redis, if that is its own, and its verticles. Started and stopped from an ordinary thread. */
final class Node implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    /** Tried first for an embedded Redis, so that its users find it at the same place again. */
    static final int EMBEDDED_PORT = 16_379;

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final UserDirectory users;
    private final List<String> deployments = new ArrayList<>();
    private final List<BrokerVerticle> brokers = new ArrayList<>();
    private @Nullable EmbeddedRedis embedded;
    private @Nullable Vertx vertx;
    private boolean closed;

    private Node(Configuration configuration) {
        this.configuration = configuration;
        this.users = new UserDirectory(configuration.mqtt().login());
    }

    /** Starts a node; if that fails, nothing is left running. */
    static Node start(Configuration configuration) throws NodeStartException {
        Node node = new Node(configuration);
        try {
            node.open();
            return node;
        } catch (NodeStartException | RuntimeException failed) {
            node.close();
            throw failed;
        }
    }

    /** The line that tells that the node serves, and where. */
    String readyLine() {
        List<Integer> ports = brokers.isEmpty() ? List.of() : brokers.get(0).ports();
        return Wiring.readyLine(configuration, ports, embedded == null ? null : redisAddress(embedded));
    }

    /** Ends all connections, tells their end, and stops what was started. May be repeated. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (vertx != null) {
            for (int i = deployments.size() - 1; i >= 0; i--) { // the broker first, then what it needs
                quietly("verticle", vertx.undeploy(deployments.get(i)));
            }
            quietly("Vert.x", vertx.close());
        }
        if (embedded != null) {
            embedded.close();
        }
    }

    private void open() throws NodeStartException {
        RedisAddress own = startEmbedded();
        Vertx running = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(configuration.node().eventLoops())
                .setPreferNativeTransport(true));
        vertx = running;
        users.watch(running);
        EventCodecs.register(running.eventBus());
        List<PoolConfig> pools = configuration.backend().usedPools().stream()
                .map(pool -> pool.at(own))
                .toList();
        awaitRedis(running, pools);
        deployAll(
                running,
                LiveTopology.alone(Wiring.topology(configuration)),
                Wiring.backendOptions(configuration, pools));
    }

    private RedisAddress startEmbedded() throws NodeStartException {
        boolean wanted = configuration.backend().usedPools().stream().anyMatch(PoolSettings::isEmbedded);
        if (wanted) {
            try {
                embedded = EmbeddedRedis.start(
                        new EmbeddedRedisOptions(configuration.node().data().resolve("redis"), EMBEDDED_PORT, true));
                return redisAddress(embedded);
            } catch (EmbeddedRedisException failed) {
                throw new NodeStartException("embedded Redis: " + failed.getMessage());
            }
        }
        return new RedisAddress("127.0.0.1", EMBEDDED_PORT);
    }

    private static RedisAddress redisAddress(EmbeddedRedis redis) {
        return new RedisAddress("127.0.0.1", redis.port());
    }

    private void awaitRedis(Vertx running, List<PoolConfig> pools) throws NodeStartException {
        Duration configured = configuration.backend().waitForRedis();
        Duration patience = configured.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : configured;
        RedisLinks links = new RedisLinks(running, pools, List.of());
        try {
            links.up().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException away) {
            throw new NodeStartException("no answer from Redis within " + patience.toSeconds() + " s: "
                    + Wiring.missing(links, pools)
                    + "; start it, correct backend.redis, or raise backend.wait_for_redis");
        } finally {
            quietly("links", links.close());
        }
    }

    private void deployAll(Vertx running, LiveTopology topology, BackendOptions backend) throws NodeStartException {
        deploy(running, Concern.CONNECTIONS, topology, n -> new ConnectionsVerticle(n, backend, topology));
        deploy(running, Concern.ACKS, topology, n -> new AcksVerticle(n, backend, topology));
        int most = configuration.mqtt().maxRetainedMessages();
        deploy(running, Concern.RETAINED, topology, n -> new RetainedVerticle(n, backend, topology, most));
        deploy(running, Concern.MESSAGES, topology, n -> new MessagesVerticle(n, backend, topology));
        int mostDelayed = configuration.mqtt().delayed().maxMessages();
        deploy(running, Concern.DELAYED, topology, n -> new DelayedVerticle(backend, topology, mostDelayed));
        BrokerOptions broker = Wiring.brokerOptions(configuration, users);
        deploy(running, Concern.BROKER, topology, n -> broker(n, broker, topology));
        deploy(running, 1, n -> new ChannelVerticle(backend, topology));
    }

    private BrokerVerticle broker(int number, BrokerOptions options, LiveTopology topology) {
        BrokerVerticle broker = new BrokerVerticle(number, options, topology);
        brokers.add(broker);
        return broker;
    }

    private void deploy(Vertx running, Concern concern, LiveTopology topology, IntFunction<Deployable> verticle)
            throws NodeStartException {
        deploy(running, topology.now().instancesOf(concern), verticle);
    }

    private void deploy(Vertx running, int instances, IntFunction<Deployable> verticle) throws NodeStartException {
        List<Future<String>> deployed = new ArrayList<>();
        for (int number = 0; number < instances; number++) {
            deployed.add(running.deployVerticle(verticle.apply(number), new DeploymentOptions()));
        }
        try {
            Future.all(deployed).await(START_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new NodeStartException("a verticle did not start within " + START_WITHIN.toSeconds() + " s");
        } catch (Exception failed) {
            throw new NodeStartException(String.valueOf(failed.getMessage()));
        } finally {
            deployed.stream().filter(Future::succeeded).map(Future::result).forEach(deployments::add);
        }
    }

    static void quietly(String what, Future<?> end) {
        try {
            end.await(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception notInOrder) {
            log.warn("Not stopped in order [what={}, cause={}]", what, notInOrder.getMessage());
        }
    }
}
