package io.redshank.connections;

import io.redshank.model.ClientId;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Lets the work for one client begin only when its work before has ended, however that ended; different clients do not wait for
 * each other. Confined to one context.
 */
final class ClientTurns {
    private final Map<ClientId, Future<?>> last = new HashMap<>();

    <T> Future<T> take(ClientId client, Supplier<Future<T>> work) {
        Future<?> before = last.get(client);
        Future<T> mine = before == null ? work.get() : before.transform(ended -> work.get());
        if (mine.isComplete()) {
            return mine;
        }
        last.put(client, mine);
        return mine.andThen(ended -> last.remove(client, mine));
    }

    /** Completes when the work that has begun by now has ended. */
    Future<?> idle() {
        return Future.join(Map.copyOf(last).values().stream().toList());
    }
}
