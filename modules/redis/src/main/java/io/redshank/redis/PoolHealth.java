package io.redshank.redis;

import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many links of a pool are down. Says so once when the first goes, and once when the last is back. Shared by all threads. */
final class PoolHealth implements Shareable {
    private static final Logger log = LoggerFactory.getLogger(PoolHealth.class);

    private final String pool;
    private final AtomicInteger down = new AtomicInteger();

    private PoolHealth(String pool) {
        this.pool = pool;
    }

    /** The one of this pool. */
    static PoolHealth of(Vertx vertx, PoolConfig pool) {
        return vertx.sharedData()
                .<String, PoolHealth>getLocalMap("redshank.redis.pools")
                .computeIfAbsent(pool.name(), PoolHealth::new);
    }

    /** A link that was up, or new, has lost its connection. */
    void linkDown(String where, Throwable why) {
        if (down.getAndIncrement() == 0) {
            log.warn(
                    "Redis pool is down, connecting again until it answers [pool={}, at={}, why={}]",
                    pool,
                    where,
                    why.getMessage());
        }
    }

    /** A link that was down has a connection. */
    void linkUp(String where) {
        if (down.decrementAndGet() == 0) {
            log.info("Redis pool is back [pool={}, at={}]", pool, where);
        }
    }

    /** A link that was down will not try again. */
    void linkClosed() {
        down.decrementAndGet();
    }
}
