package io.redshank.app;

import io.redshank.app.config.Configuration;
import io.redshank.app.config.PoolSettings;
import io.redshank.embedded.EmbeddedRedis;
import io.redshank.embedded.EmbeddedRedisException;
import io.redshank.embedded.EmbeddedRedisOptions;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running node: its Redis, if that is its own, and its verticles. Started and stopped from an ordinary thread. */
final class Node implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    /** Tried first for an embedded Redis, so that its users find it at the same place again. */
    static final int EMBEDDED_PORT = 16_379;

    private static final long RETRY_MILLIS = 1000;
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final UserDirectory users;
    private final Runnable onLeaveOrdered;
    private @Nullable EmbeddedRedis embedded;
    private @Nullable Run run;
    private boolean closed;

    private Node(Configuration configuration, Runnable onLeaveOrdered) {
        this.configuration = configuration;
        this.onLeaveOrdered = onLeaveOrdered;
        this.users = new UserDirectory(configuration.mqtt().login());
    }

    /**
     * Starts a node; if that fails, nothing is left running.
     *
     * @param onLeaveOrdered is run on an event loop when an operator has ordered the node to leave
     */
    static Node start(Configuration configuration, Runnable onLeaveOrdered) throws NodeStartException {
        Node node = new Node(configuration, onLeaveOrdered);
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
        List<Integer> ports = run == null ? List.of() : run.ports();
        return Wiring.readyLine(configuration, ports, embedded == null ? null : redisAddress(embedded));
    }

    /** Ends all connections, tells their end, and stops what was started. May be repeated. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (run != null) {
            run.leave();
        }
        if (embedded != null) {
            embedded.close();
        }
    }

    private void open() throws NodeStartException {
        RedisAddress own = startEmbedded();
        List<PoolConfig> pools = configuration.backend().usedPools().stream()
                .map(pool -> pool.at(own))
                .toList();
        awaitRedis(pools);
        run = Run.open(configuration, users, pools, fates(pools));
    }

    private Run.Fates fates(List<PoolConfig> pools) {
        return new Run.Fates(() -> onDeclaredDead(pools), onLeaveOrdered);
    }

    /** The other nodes have taken over what this one had: it ends its connections without a word, and begins anew. */
    private void onDeclaredDead(List<PoolConfig> pools) {
        new Thread(() -> beginAnew(pools), "begin-anew").start();
    }

    private synchronized void beginAnew(List<PoolConfig> pools) {
        if (closed || run == null) {
            return;
        }
        log.warn(
                "Beginning anew, because other nodes have given this one up [node={}]",
                configuration.node().name());
        run.abandon();
        run = null;
        while (run == null && !closed) {
            try {
                run = Run.open(configuration, users, pools, fates(pools));
                log.info("Serving again [{}]", readyLine());
            } catch (NodeStartException | RuntimeException notYet) {
                log.warn("Not begun anew, trying again [cause={}]", notYet.getMessage());
                pause();
            }
        }
    }

    /** Lets go of the lock meanwhile, so that the node can be closed. */
    private void pause() {
        try {
            wait(RETRY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            closed = true;
        }
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

    private void awaitRedis(List<PoolConfig> pools) throws NodeStartException {
        Vertx vertx = Vertx.vertx();
        Duration configured = configuration.backend().waitForRedis();
        Duration patience = configured.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : configured;
        RedisLinks links = new RedisLinks(vertx, pools, List.of());
        try {
            links.up().await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException away) {
            throw new NodeStartException("no answer from Redis within " + patience.toSeconds() + " s: "
                    + Wiring.missing(links, pools)
                    + "; start it, correct backend.redis, or raise backend.wait_for_redis");
        } finally {
            quietly("links", links.close());
            quietly("Vert.x", vertx.close());
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
