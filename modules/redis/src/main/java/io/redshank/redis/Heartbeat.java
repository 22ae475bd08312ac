package io.redshank.redis;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a connection that only listens has gone silent, which it never notices by itself. Confined to the connection's
 * context.
 */
final class Heartbeat {
    /*
     * The client hands a push message to the connection's handler, but takes the next waiting reply off its queue while doing
     * so: a reply can get lost when a push overtakes it. So no ping is waited for by itself; whatever comes is a sign of life, be
     * it a push, a reply, or a reply that nobody waits for any more.
     */
    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);
    private static final long PING_MILLIS = 5_000;

    private final Vertx vertx;
    private final PoolConfig pool;
    private final Redialer redialer;
    private long timer = -1;
    private long heardNanos;

    Heartbeat(Vertx vertx, PoolConfig pool, Redialer redialer) {
        this.vertx = vertx;
        this.pool = pool;
        this.redialer = redialer;
    }

    /** Something came from the server. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    void start(RedisConnection connection) {
        stop();
        heard();
        timer = vertx.setPeriodic(PING_MILLIS, due -> ping(connection));
    }

    void stop() {
        boolean ran = vertx.cancelTimer(timer);
        log.trace("Timer of pings ended [pool={}, ran={}]", pool.name(), ran);
    }

    private void ping(RedisConnection connection) {
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
        if (silent > PING_MILLIS + pool.queryTimeout().toMillis()) {
            redialer.giveUp(connection, RedisFailure.linkDown("no sign of life for " + silent + " ms"));
            return;
        }
        connection
                .send(Request.cmd(Command.PING))
                .onSuccess(pong -> heard())
                .onFailure(failure -> log.debug("PING not answered [pool={}]", pool.name(), failure));
    }
}
