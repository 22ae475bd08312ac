package io.redshank.retained;

import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Waits for Redis to be ready again; while it is there but says "not now", each time longer until something has worked. */
final class Patience {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 2_000;

    private final Vertx vertx;
    private final RedisLink link;
    private long millis = FIRST_MILLIS;

    Patience(Vertx vertx, RedisLink link) {
        this.vertx = vertx;
        this.link = link;
    }

    /** Completes when it is worth trying again; fails only when the link is closed. */
    Future<Void> untilReady() {
        if (!link.isUp()) {
            return link.up(); // which takes its time by itself
        }
        long pause = millis;
        millis = Math.min(2 * millis, LAST_MILLIS);
        return vertx.timer(pause).compose(over -> link.up());
    }

    /** Something has worked. */
    void reset() {
        millis = FIRST_MILLIS;
    }
}
