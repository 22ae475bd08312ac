package io.redshank.connections;

import io.redshank.events.Answer;
import io.redshank.events.ClaimPrompted;
import io.redshank.events.ClientClaimed;
import io.redshank.events.ClientReleased;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeRun;
import io.redshank.redis.Registration;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Grants client ids to connections. A claim is written at once, and granted when the connections before it have let go: each is told
 * by its node to end, whatever node that is. So a client id has one connection at a time, and what is written of the connections
 * of an id is written in their order, on all nodes together. Confined to one context.
 */
final class Claims {
    /** A predecessor whose node is not known to live or to be dead is taken for dead after so long. */
    private static final long UNKNOWN_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private final Vertx vertx;
    private final Registry registry;
    private final Disconnects disconnects;
    private final DeadConnections dead;
    private final Map<ClientId, List<WaitingClaim>> waiting = new HashMap<>();
    private boolean closed;

    Claims(Vertx vertx, Registry registry, Disconnects disconnects, DeadConnections dead) {
        this.vertx = vertx;
        this.registry = registry;
        this.disconnects = disconnects;
        this.dead = dead;
    }

    /** Completes with the epoch when it is granted; fails when a later claim overtakes it. */
    Future<Long> onClaimed(ClientClaimed event) {
        if (closed) {
            return Future.failedFuture(stopping());
        }
        NodeRun run = new NodeRun(event.node(), event.incarnation());
        return registry.claim(event.client(), run, event.instance())
                .compose(claimed -> claimed.before(claimed.epoch()).isEmpty()
                        ? Future.succeededFuture(claimed.epoch())
                        : await(event.client(), event.node(), claimed.epoch()))
                .recover(Failures::toEvent);
    }

    /** A claim is given up, or a connection is not known any more: what is kept of its end is written first. */
    Future<Answer> onReleased(ClientReleased event) {
        return disconnects
                .retry(event.client())
                .compose(settled -> registry.release(event.client(), event.epoch()))
                .map(Answer.DONE)
                .recover(Failures::toEvent);
    }

    /** Who waits for this client id looks again. */
    Future<Answer> onPrompted(ClaimPrompted event) {
        List.copyOf(waiting.getOrDefault(event.client(), List.of())).forEach(WaitingClaim::lookNow);
        return Future.succeededFuture(Answer.DONE);
    }

    /** What waits is given up. */
    void close() {
        closed = true;
        waiting.values().stream().flatMap(List::stream).toList().forEach(claim -> claim.fail(stopping()));
    }

    private Future<Long> await(ClientId client, NodeName node, long epoch) {
        long since = System.nanoTime();
        WaitingClaim claim = new WaitingClaim(vertx, () -> look(client, epoch, since));
        waiting.computeIfAbsent(client, first -> new ArrayList<>(1)).add(claim);
        return claim.begin()
                .onComplete(ended -> waiting.computeIfPresent(client, (id, claims) -> {
                    claims.remove(claim);
                    return claims.isEmpty() ? null : claims;
                }))
                .map(epoch)
                .recover(failure ->
                        registry.release(client, epoch, node).transform(released -> Future.failedFuture(failure)));
    }

    /** Whether the claim is granted; fails if it never will be. */
    private Future<Boolean> look(ClientId client, long epoch, long since) {
        return registry.find(client).compose(known -> {
            if (known.epoch() != epoch || known.holder() == null) {
                return Future.failedFuture(
                        new EventFailedException(EventFailure.TAKEN, "a later claim of this client id is known"));
            }
            List<Registration.Holder> before = known.before(epoch);
            if (before.isEmpty()) {
                return Future.succeededFuture(true);
            }
            return Future.join(before.stream()
                            .map(one -> hurry(client, one, since))
                            .toList())
                    .map(false);
        });
    }

    /** Has its node end a predecessor, or ends it if that node is dead. */
    private Future<Void> hurry(ClientId client, Registration.Holder predecessor, long since) {
        registry.tell(predecessor.node(), NodeNotice.evict(client, predecessor));
        if (!predecessor.via().equals(predecessor.node())) {
            registry.tell(predecessor.via(), NodeNotice.prompt(client)); // it may wait there itself
        }
        boolean waitedLong = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) >= UNKNOWN_MILLIS;
        return registry.stateOf(predecessor.run())
                .compose(state -> state == NodeBeats.State.DEAD || (state == NodeBeats.State.UNKNOWN && waitedLong)
                        ? dead.end(client, predecessor).mapEmpty()
                        : Future.succeededFuture());
    }

    private static EventFailedException stopping() {
        return new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping");
    }
}
