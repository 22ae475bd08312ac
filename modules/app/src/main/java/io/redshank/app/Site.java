package io.redshank.app;

import io.redshank.admin.Doctor;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.PoolSettings;
import io.redshank.embedded.EmbeddedRedis;
import io.redshank.embedded.EmbeddedRedisException;
import io.redshank.embedded.EmbeddedRedisOptions;
import io.redshank.hooks.BackendOptions;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where an operator's command works: the pools of a configuration, beside nodes that run or not. An embedded Redis is that of the
 * node which runs; if none does, it is started, and ended with the command.
 */
final class Site implements AutoCloseable {
    private static final long CONNECT_SECONDS = 10;

    private final Configuration configuration;
    private final Vertx vertx = Vertx.vertx();
    private final @Nullable EmbeddedRedis started;
    private final List<PoolConfig> pools;

    private Site(Configuration configuration, @Nullable EmbeddedRedis started, RedisAddress embedded) {
        this.configuration = configuration;
        this.started = started;
        this.pools = configuration.backend().usedPools().stream()
                .map(pool -> pool.at(embedded))
                .toList();
    }

    /** What a command works with, on the context of the links. */
    record Access(Vertx vertx, BackendOptions options, RedisLinks links) {}

    /** Finds, or starts, what there is to work on. */
    static Site open(Configuration configuration) throws NodeStartException {
        boolean embedded = configuration.backend().usedPools().stream().anyMatch(PoolSettings::isEmbedded);
        Path directory = configuration.node().data().resolve("redis");
        int running = embedded ? EmbeddedRedis.portOfRunning(directory) : Node.EMBEDDED_PORT;
        if (running > 0) {
            return new Site(configuration, null, new RedisAddress("127.0.0.1", running));
        }
        if (!Files.isDirectory(directory)) {
            throw new NodeStartException("embedded Redis: no node has run with " + directory
                    + "; go to the node's directory, or name its data by --set node.data=DIR");
        }
        try {
            EmbeddedRedis redis = EmbeddedRedis.start(new EmbeddedRedisOptions(directory, Node.EMBEDDED_PORT, true));
            Runtime.getRuntime().addShutdownHook(new Thread(redis::close, "stop"));
            return new Site(configuration, redis, new RedisAddress("127.0.0.1", redis.port()));
        } catch (EmbeddedRedisException failed) {
            throw new NodeStartException("embedded Redis: " + failed.getMessage());
        }
    }

    /** Does the work and waits for it, however long it takes. */
    <T> T work(Function<Access, Future<T>> work) throws NodeStartException {
        Promise<T> done = Promise.promise();
        vertx.getOrCreateContext().runOnContext(go -> {
            RedisLinks links = new RedisLinks(vertx, pools, Doctor.SCRIPTS);
            links.up()
                    .timeout(CONNECT_SECONDS, TimeUnit.SECONDS)
                    .recover(away -> Future.failedFuture("no answer from Redis within " + CONNECT_SECONDS + " s: "
                            + Wiring.missing(links, pools) + "; start it, or correct backend.redis"))
                    .compose(up -> work.apply(new Access(vertx, Wiring.backendOptions(configuration, pools), links)))
                    .eventually(links::close)
                    .onComplete(done);
        });
        return await(done.future());
    }

    private static <T> T await(Future<T> future) throws NodeStartException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw new NodeStartException(String.valueOf((cause == null ? failed : cause).getMessage()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new NodeStartException("interrupted");
        }
    }

    @Override
    public void close() {
        Node.quietly("Vert.x", vertx.close());
        if (started != null) {
            started.close();
        }
    }
}
