package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.jspecify.annotations.Nullable;

/** Those who wait for a node's lease, on one context. */
final class LeaseWait {
    private static final long LOOK_MILLIS = 50;

    private final Vertx vertx;
    private final NodeLease lease;
    private @Nullable Promise<Void> waiting;
    private long timer = -1;

    LeaseWait(Vertx vertx, NodeLease lease) {
        this.vertx = vertx;
        this.lease = lease;
    }

    /** Whether something has to wait, for it is not valid or others wait already. */
    boolean isNeeded() {
        return waiting != null || !lease.isValid();
    }

    /** Completes when it is valid, in the order of those who wait; fails only when closed. */
    Future<Void> valid() {
        if (!isNeeded()) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = waiting;
        if (promise == null) {
            promise = Promise.promise();
            waiting = promise;
            look(promise);
        }
        return promise.future();
    }

    void close() {
        Promise<Void> promise = waiting;
        if (promise != null) {
            vertx.cancelTimer(timer);
            waiting = null;
            promise.fail(RedisFailure.linkDown("the link is closed"));
        }
    }

    private void look(Promise<Void> promise) {
        if (lease.isValid()) {
            waiting = null;
            promise.complete();
        } else {
            timer = vertx.setTimer(LOOK_MILLIS, again -> look(promise));
        }
    }
}
