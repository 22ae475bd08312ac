package io.redshank.connections;

import io.redshank.model.ClientId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ends of connections that Redis does not know of yet, oldest first, one for each client, and their retries. Confined to one
 * context.
 */
final class KeptDisconnects {
    private static final Logger log = LoggerFactory.getLogger(KeptDisconnects.class);
    static final int MOST = 10_000;
    private static final int AT_ONCE = 200;
    private static final long RETRY_MILLIS = 200;

    private final Vertx vertx;
    private final int most;
    private final Map<ClientId, Departure> waiting = new LinkedHashMap<>();
    private Function<ClientId, Future<Void>> retry = client -> Future.succeededFuture();
    private boolean scheduled;
    private boolean dropping;
    private boolean closed;

    KeptDisconnects(Vertx vertx, int most) {
        this.vertx = vertx;
        this.most = most;
    }

    /** What does a kept one again: it removes it here when that has succeeded. */
    void retryBy(Function<ClientId, Future<Void>> action) {
        retry = action;
    }

    /** Keeps one. The client has none here, or was not let in since: then the older one says when it really went. */
    void add(Departure departure) {
        if (waiting.putIfAbsent(departure.client(), departure) == null && waiting.size() > most) {
            dropOldest();
        }
        schedule();
    }

    @Nullable
    Departure find(ClientId client) {
        return waiting.get(client);
    }

    void remove(Departure departure) {
        waiting.remove(departure.client(), departure);
        dropping &= !waiting.isEmpty();
    }

    void close() {
        closed = true;
        if (!waiting.isEmpty()) {
            log.warn("Clients stay marked online, Redis was away to the end [clients={}]", waiting.size());
        }
    }

    private void dropOldest() {
        Iterator<ClientId> oldest = waiting.keySet().iterator();
        ClientId dropped = oldest.next();
        oldest.remove();
        if (!dropping) {
            dropping = true;
            log.warn("Redis is away, ends of connections get lost from now on [most={}, first={}]", most, dropped);
        }
    }

    private void schedule() {
        if (!scheduled && !closed) {
            scheduled = true;
            vertx.setTimer(RETRY_MILLIS, due -> tryAgain());
        }
    }

    /** As long as Redis is away, only the oldest is tried; then the rest in lots, each sent in order. */
    private void tryAgain() {
        if (closed || waiting.isEmpty()) {
            scheduled = false;
            return;
        }
        ClientId oldest = waiting.keySet().iterator().next();
        retry.apply(oldest).onSuccess(done -> sendOn()).onFailure(this::later);
    }

    private void sendOn() {
        List<Future<Void>> lot = new ArrayList<>();
        for (ClientId client : List.copyOf(waiting.keySet()).subList(0, Math.min(AT_ONCE, waiting.size()))) {
            lot.add(retry.apply(client));
        }
        if (lot.isEmpty()) {
            scheduled = false;
        } else {
            Future.join(lot).onSuccess(done -> sendOn()).onFailure(this::later);
        }
    }

    private void later(Throwable failure) {
        log.debug("Ends of connections still wait [waiting={}, cause={}]", waiting.size(), failure.getMessage());
        scheduled = false;
        schedule();
    }
}
