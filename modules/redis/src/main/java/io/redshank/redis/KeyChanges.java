package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Hears which keys with a certain beginning are written, deleted or expire, whoever does it. Changes while there is no connection are
 * not heard; the owner is told whenever listening begins, so that it can look. A server that does not allow it is asked once only.
 * Confined to the context that opened it; there the handlers are called.
 */
public interface KeyChanges {
    /**
     * Listens from now on until closed.
     *
     * @param changed gets the keys that may have changed
     * @param listening runs whenever listening to a server begins, at first and after each reconnect
     */
    static KeyChanges open(
            Vertx vertx, PoolConfig pool, String prefix, Handler<List<Buffer>> changed, Runnable listening) {
        return pool.type() == PoolType.CLUSTER
                ? ClusterKeyChanges.open(vertx, pool, prefix, changed, listening)
                : ServerKeyChanges.open(vertx, pool, prefix, changed, listening);
    }

    /** Ends all connections and attempts. */
    Future<Void> close();
}
