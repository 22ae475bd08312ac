package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears which keys with a certain beginning are written, deleted or expire, whoever does it, on a connection of its own that
 * comes back by itself ({@code CLIENT TRACKING ON BCAST}). Changes in between are not heard; the owner is told whenever
 * listening begins, so that it can look. A server that does not allow it is asked once only. Confined to the context that
 * opened it; there the handlers are called.
 */
public final class KeyChanges {
    /*
     * The client hands a push message to the connection's handler, but takes the next waiting reply off its queue while doing
     * so: a reply can get lost when a push overtakes it. Here nothing depends on one: the only commands after the first are
     * pings, and what counts as a sign of life is whatever comes, be it the reply, or a reply without anybody waiting for it.
     */
    private static final Logger log = LoggerFactory.getLogger(KeyChanges.class);
    /** A connection that only listens never notices by itself that the other side is gone. */
    private static final long PING_MILLIS = 5_000;

    private final Vertx vertx;
    private final PoolConfig pool;
    private final String prefix;
    private final Handler<List<Buffer>> changed;
    private final Runnable listening;
    private final Redialer redialer;
    private final HomeThread home;
    private long pingTimer = -1;
    private long heardNanos;

    private KeyChanges(Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        this.vertx = vertx;
        this.pool = pool;
        this.prefix = prefix;
        this.changed = changed;
        this.listening = listening;
        this.redialer = new Redialer(vertx, pool, this::listen, lost -> stopPinging());
        this.home = new HomeThread(redialer.context());
    }

    /**
     * Listens from now on until closed.
     *
     * @param changed gets the keys that may have changed
     * @param listening runs whenever listening begins, at first and after each reconnect
     */
    public static KeyChanges open(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        KeyChanges changes = new KeyChanges(vertx, pool, prefix, changed, listening);
        changes.redialer.start();
        return changes;
    }

    /** Ends the connection and all attempts. */
    public Future<Void> close() {
        return home.call(() -> {
            redialer.close();
            return Future.succeededFuture();
        });
    }

    private Future<Void> listen(RedisConnection connection) {
        Request track = Request.cmd(Command.CLIENT)
                .arg("TRACKING")
                .arg("ON")
                .arg("BCAST")
                .arg("PREFIX")
                .arg(prefix);
        return connection.handler(this::onPush).send(track).transform(done -> {
            if (done.succeeded()) {
                startPinging(connection);
                vertx.runOnContext(now -> listening.run());
                return Future.succeededFuture();
            }
            return done.cause() instanceof Response ? refused(done.cause()) : Future.failedFuture(done.cause());
        });
    }

    private Future<Void> refused(Throwable cause) {
        RedisFailure failure = RedisFailure.ofReply(String.valueOf(cause.getMessage()));
        if (failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
            return Future.failedFuture(failure);
        }
        log.warn(
                "Redis does not tell which keys change, so changes by applications are found late [pool={}, keys={}*, cause={}]",
                pool.name(),
                prefix,
                failure.getMessage());
        vertx.runOnContext(now -> redialer.close());
        return Future.succeededFuture();
    }

    private void onPush(@Nullable Response push) {
        heardNanos = System.nanoTime();
        if (push == null || push.type() != ResponseType.PUSH || push.size() < 2) {
            return; // the reply to a ping whose place in the queue a push has taken
        }
        Response keys = push.get(1);
        if (keys == null || !push.get(0).toString().equals("invalidate")) {
            return; // no keys: the whole database was flushed, and with it all that could be told about them
        }
        List<Buffer> names = new ArrayList<>(keys.size());
        for (Response key : keys) {
            names.add(key.toBuffer());
        }
        changed.handle(names);
    }

    private void startPinging(RedisConnection connection) {
        stopPinging();
        heardNanos = System.nanoTime();
        pingTimer = vertx.setPeriodic(PING_MILLIS, due -> ping(connection));
    }

    private void stopPinging() {
        boolean stopped = vertx.cancelTimer(pingTimer);
        log.trace("Timer of pings ended [pool={}, ran={}]", pool.name(), stopped);
    }

    private void ping(RedisConnection connection) {
        long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
        if (silent > PING_MILLIS + pool.queryTimeout().toMillis()) {
            redialer.giveUp(connection, RedisFailure.linkDown("no sign of life for " + silent + " ms"));
            return;
        }
        connection
                .send(Request.cmd(Command.PING))
                .onSuccess(pong -> heardNanos = System.nanoTime())
                .onFailure(failure -> log.debug("PING not answered [pool={}]", pool.name(), failure));
    }
}
