package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The links of one verticle instance: one to each pool it works on. Confined to the context that opened them. */
public final class RedisLinks {
    private static final long START_WAIT_SECONDS = 5;

    private final Map<String, RedisLink> links = new LinkedHashMap<>();

    /** Opens a link to each pool, with these scripts. */
    public RedisLinks(Vertx vertx, Collection<PoolConfig> pools, List<Script> scripts) {
        this(vertx, pools, scripts, NodeLease.UNLIMITED);
    }

    /** The same for what writes only as long as its node has this lease. */
    public RedisLinks(Vertx vertx, Collection<PoolConfig> pools, List<Script> scripts, NodeLease lease) {
        pools.forEach(pool -> links.put(pool.name(), RedisLink.open(vertx, pool, scripts, lease)));
    }

    /** The link to the pool of this name, which must be one of those opened. */
    public RedisLink to(String pool) {
        RedisLink link = links.get(pool);
        if (link == null) {
            throw new IllegalArgumentException("no link to a pool named " + pool);
        }
        return link;
    }

    /** All of them. */
    public Collection<RedisLink> all() {
        return Collections.unmodifiableCollection(links.values());
    }

    /** All of them, by the names of their pools. */
    public Map<String, RedisLink> byPool() {
        return Collections.unmodifiableMap(links);
    }

    /** Completes when each link is connected. */
    public Future<?> up() {
        return Future.all(links.values().stream().map(RedisLink::up).toList());
    }

    /** Completes when each link is connected, or when that takes longer than a start should wait: links come up by themselves. */
    public Future<Void> upSoon() {
        return up().timeout(START_WAIT_SECONDS, TimeUnit.SECONDS).transform(waited -> Future.succeededFuture());
    }

    /** Closes all of them. */
    public Future<?> close() {
        return Future.join(links.values().stream().map(RedisLink::close).toList());
    }
}
