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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of one server, on a connection of its own that comes back by itself ({@code CLIENT TRACKING ON BCAST}). */
final class ServerKeyChanges implements KeyChanges {
    private static final Logger log = LoggerFactory.getLogger(ServerKeyChanges.class);

    private final Vertx vertx;
    private final PoolConfig pool;
    private final String prefix;
    private final Handler<List<Buffer>> changed;
    private final Runnable listening;
    private final Redialer redialer;
    private final HomeThread home;
    private final Heartbeat heartbeat;

    private ServerKeyChanges(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        this.vertx = vertx;
        this.pool = pool;
        this.prefix = prefix;
        this.changed = changed;
        this.listening = listening;
        this.redialer = new Redialer(vertx, pool, this::listen, lost -> stopListening());
        this.heartbeat = new Heartbeat(vertx, pool, redialer);
        this.home = new HomeThread(redialer.context());
    }

    static ServerKeyChanges open(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        ServerKeyChanges changes = new ServerKeyChanges(vertx, pool, prefix, changed, listening);
        changes.redialer.start();
        return changes;
    }

    @Override
    public Future<Void> close() {
        return home.call(() -> {
            redialer.close();
            return Future.succeededFuture();
        });
    }

    /** Ends it for good, because another server has the keys that this one had. */
    void retire() {
        redialer.retire();
    }

    private void stopListening() {
        heartbeat.stop();
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
                heartbeat.start(connection);
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
        heartbeat.heard();
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
}
