package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The connections of one link to the masters of a cluster, and which of them has which slot. Confined to the link's context. */
final class ClusterMasters {
    private final Vertx vertx;
    private final PoolConfig pool;
    private final List<Script> scripts;
    private final NodeLease lease;
    private final Runnable onLost;
    private final Map<RedisAddress, OneServer> servers = new LinkedHashMap<>();
    private SlotMap slots = SlotMap.EMPTY;
    private Dialer dialer;

    /** None at first; the action runs whenever one of them has lost its connection. */
    ClusterMasters(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease, Runnable onLost) {
        this.vertx = vertx;
        this.pool = pool;
        this.scripts = scripts;
        this.lease = lease;
        this.onLost = onLost;
        this.dialer = new Dialer(vertx, pool);
    }

    /** How long it may take to connect to one of them. */
    long timeoutMillis() {
        return dialer.timeoutMillis();
    }

    /** All that have slots. */
    List<OneServer> all() {
        return List.copyOf(servers.values());
    }

    /** Asks one of those that are known where the slots are, and connects to all that have some. Fails if that does not succeed. */
    Future<Void> refresh() {
        return dialer.slots().compose(this::apply);
    }

    /** Who has a slot. */
    OneServer of(int slot) {
        RedisAddress master = slots.masterOf(slot);
        if (master == null) {
            throw new IllegalStateException("asked for a master before all are known");
        }
        return at(master);
    }

    /** The server there, which may have no slot yet. */
    OneServer at(RedisAddress address) {
        return servers.computeIfAbsent(address, this::open);
    }

    void close() {
        servers.values().forEach(OneServer::close);
    }

    private Future<Void> apply(SlotMap next) {
        if (!next.isComplete()) {
            return Future.failedFuture(RedisFailure.linkDown("the cluster has slots that nobody serves"));
        }
        slots = next;
        List<RedisAddress> masters = next.masters();
        servers.entrySet().removeIf(known -> {
            boolean gone = !masters.contains(known.getKey());
            if (gone) {
                known.getValue().retire();
            }
            return gone;
        });
        dialer = new Dialer(vertx, pool.withServersFirst(masters));
        return Future.all(masters.stream().map(master -> at(master).up()).toList())
                .timeout(timeoutMillis(), TimeUnit.MILLISECONDS)
                .mapEmpty();
    }

    private OneServer open(RedisAddress address) {
        OneServer server = new OneServer(vertx, pool.single(List.of(address)), scripts, lease, onLost);
        server.start();
        return server;
    }
}
