package io.redshank.hooks;

import io.redshank.model.NodeName;
import io.redshank.redis.NodeLease;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.TimestampUnit;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What every verticle of the backend has to know.
 *
 * @param pools the Redis pools by name; each pool that the table names is among them
 * @param unit in which times are written to Redis
 * @param bookmarkTtl how long a bookmark outlives its last move
 * @param presenceTtl how long it is remembered that a client was here, once it has gone
 * @param sweepInterval how long a round of clearing up waits for the next
 * @param firstFetch how much of a log without a bookmark is given to a session that reads it without an entry of the table
 * @param lease as long as the node has it, it may write to Redis
 * @param rejectOnOutage whether what waits for Redis is refused when Redis is away, rather than held until it is back
 */
public record BackendOptions(
        NodeName node,
        HookTable hooks,
        Map<String, PoolConfig> pools,
        TimestampUnit unit,
        Duration bookmarkTtl,
        Duration presenceTtl,
        Duration sweepInterval,
        LogWindow firstFetch,
        NodeLease lease,
        boolean rejectOnOutage) {
    /** Keeps a copy of the pools. */
    public BackendOptions {
        pools = Map.copyOf(pools);
    }

    /** For what is no node that others watch. */
    public BackendOptions(
            NodeName node,
            HookTable hooks,
            Map<String, PoolConfig> pools,
            TimestampUnit unit,
            Duration bookmarkTtl,
            Duration presenceTtl,
            Duration sweepInterval,
            LogWindow firstFetch,
            boolean rejectOnOutage) {
        this(
                node,
                hooks,
                pools,
                unit,
                bookmarkTtl,
                presenceTtl,
                sweepInterval,
                firstFetch,
                NodeLease.UNLIMITED,
                rejectOnOutage);
    }

    /** With no history for first-time subscribers. */
    public BackendOptions(
            NodeName node,
            HookTable hooks,
            Map<String, PoolConfig> pools,
            TimestampUnit unit,
            Duration bookmarkTtl,
            Duration presenceTtl,
            Duration sweepInterval,
            boolean rejectOnOutage) {
        this(node, hooks, pools, unit, bookmarkTtl, presenceTtl, sweepInterval, LogWindow.NOTHING, rejectOnOutage);
    }

    /** The same for a node that has to show that it lives. */
    public BackendOptions under(NodeLease itsLease) {
        return new BackendOptions(
                node,
                hooks,
                pools,
                unit,
                bookmarkTtl,
                presenceTtl,
                sweepInterval,
                firstFetch,
                itsLease,
                rejectOnOutage);
    }

    /** The pools that entries of these hooks work on, each once. */
    public List<PoolConfig> poolsOf(Hook... of) {
        return List.of(of).stream()
                .flatMap(hook -> hooks.entries(hook).stream())
                .map(HookEntry::pool)
                .distinct()
                .map(this::pool)
                .toList();
    }

    /** The pools in which messages are stored, so that topics have logs there. */
    public List<PoolConfig> logPools() {
        return hooks.entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH).stream()
                .map(HookEntry::pool)
                .distinct()
                .map(this::pool)
                .toList();
    }

    /** The pool in which sessions are kept: that of the subscription look-up, else the first that any entry names. */
    public PoolConfig sessionPool() {
        return hooks.all().stream()
                .filter(entry -> entry.does(BackendFunction.ON_SUBSCRIBE_LOOKUP))
                .findFirst()
                .or(() -> hooks.all().stream().findFirst())
                .map(entry -> pool(entry.pool()))
                .orElseGet(() -> pools.values().iterator().next());
    }

    private PoolConfig pool(String name) {
        PoolConfig pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool named " + name);
        }
        return pool;
    }
}
