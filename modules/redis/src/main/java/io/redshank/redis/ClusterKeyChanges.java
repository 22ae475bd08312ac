package io.redshank.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those of all masters of a cluster, each of which tells of its own keys only. Which they are is asked now and then. */
final class ClusterKeyChanges implements KeyChanges {
    private static final Logger log = LoggerFactory.getLogger(ClusterKeyChanges.class);
    private static final long ASK_MILLIS = 5_000;
    private static final long ASK_AGAIN_MILLIS = 500;

    private final Vertx vertx;
    private final PoolConfig pool;
    private final String prefix;
    private final Handler<List<Buffer>> changed;
    private final Runnable listening;
    private final HomeThread home;
    private final Map<RedisAddress, ServerKeyChanges> servers = new HashMap<>();
    private Dialer dialer;
    private long timer = -1;
    private boolean closed;

    private ClusterKeyChanges(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        this.vertx = vertx;
        this.pool = pool;
        this.prefix = prefix;
        this.changed = changed;
        this.listening = listening;
        this.dialer = new Dialer(vertx, pool);
        Context context = vertx.getOrCreateContext();
        this.home = new HomeThread(context);
        context.runOnContext(started -> ask());
    }

    static ClusterKeyChanges open(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        return new ClusterKeyChanges(vertx, pool, prefix, changed, listening);
    }

    @Override
    public Future<Void> close() {
        return home.call(() -> {
            closed = true;
            boolean wasDue = vertx.cancelTimer(timer);
            log.trace("Masters are not asked for any more [due={}]", wasDue);
            return Future.join(servers.values().stream()
                            .map(ServerKeyChanges::close)
                            .toList())
                    .mapEmpty();
        });
    }

    private void ask() {
        if (!closed) {
            dialer.slots().onComplete(this::listenTo, this::onUnknown);
        }
    }

    private void onUnknown(Throwable failure) {
        log.debug("Masters of the Redis Cluster not found [pool={}, cause={}]", pool.name(), failure.getMessage());
        timer = vertx.setTimer(ASK_AGAIN_MILLIS, due -> ask());
    }

    private void listenTo(SlotMap slots) {
        if (closed) {
            return;
        }
        List<RedisAddress> masters = slots.masters();
        servers.entrySet().removeIf(known -> {
            boolean gone = !masters.contains(known.getKey());
            if (gone) {
                known.getValue().retire();
            }
            return gone;
        });
        for (RedisAddress master : masters) {
            servers.computeIfAbsent(
                    master,
                    fresh -> ServerKeyChanges.open(vertx, pool.single(List.of(fresh)), prefix, changed, listening));
        }
        dialer = new Dialer(vertx, pool.withServersFirst(masters));
        timer = vertx.setTimer(ASK_MILLIS, due -> ask());
    }
}
