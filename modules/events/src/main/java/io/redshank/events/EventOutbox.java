package io.redshank.events;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sending side of the events of one verticle instance. What is sent in one turn of the event loop to one destination
 * leaves as one bus message, in order, at the end of the turn. Confined to the context it was made on.
 *
 * <p>An event that finds nobody there is sent again until somebody is: receivers come and go, and events are safe to deliver
 * twice. How much can wait here is bounded by the senders, who have a window of unanswered events each.
 */
public final class EventOutbox {
    private final Vertx vertx;
    private final Context context;
    private final Topology topology;
    private final Map<String, OutboxLane> lanes = new HashMap<>();
    private boolean flushing;
    private boolean closed;

    /** An outbox for the verticle that runs on the current context. */
    public EventOutbox(Vertx vertx, Topology topology) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.topology = topology;
    }

    /** Sends an event that nobody waits for to the instance that its key picks. */
    public <E, R> void send(EventType<E, R> type, Concern to, E event) {
        int instances = topology.instancesOf(to);
        if (instances > 0 && !closed) {
            lane(to, type.shard(event, instances)).send(type, event);
        }
    }

    /** Sends an event that nobody waits for to this very instance. */
    public <E, R> void sendOf(EventType<E, R> type, Concern to, int instance, E event) {
        if (!closed) {
            lane(to, instance).send(type, event);
        }
    }

    /** Sends an event that nobody waits for to every instance. */
    public <E, R> void sendToAll(EventType<E, R> type, Concern to, E event) {
        for (int instance = 0; instance < topology.instancesOf(to) && !closed; instance++) {
            lane(to, instance).send(type, event);
        }
    }

    /** Sends an event to the instance that its key picks, and completes with the answer or an {@link EventFailedException}. */
    public <E, R> Future<R> request(EventType<E, R> type, Concern to, E event) {
        int instances = topology.instancesOf(to);
        if (instances == 0) {
            return Future.failedFuture(nobody(to));
        }
        return requestOf(type, to, type.shard(event, instances), event);
    }

    /** Sends an event to this very instance, and completes with the answer or an {@link EventFailedException}. */
    public <E, R> Future<R> requestOf(EventType<E, R> type, Concern to, int instance, E event) {
        if (closed) {
            return Future.failedFuture(new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping"));
        }
        return lane(to, instance).request(type, event);
    }

    /** Asks every instance; as many answers as there are instances. */
    public <E, R> List<Future<R>> requestOfAll(EventType<E, R> type, Concern to, E event) {
        List<Future<R>> answers = new ArrayList<>();
        for (int instance = 0; instance < topology.instancesOf(to); instance++) {
            answers.add(requestOf(type, to, instance, event));
        }
        return answers;
    }

    /** Fails what still waits, also for the answer to what was sent, and sends nothing more. */
    public void close() {
        closed = true;
        lanes.values().forEach(OutboxLane::close);
    }

    private OutboxLane lane(Concern to, int instance) {
        if (!flushing) {
            flushing = true;
            context.runOnContext(turnEnded -> flush());
        }
        return lanes.computeIfAbsent(
                to.addressOf(topology.node(), instance), address -> new OutboxLane(vertx, address));
    }

    private void flush() {
        flushing = false;
        lanes.values().forEach(OutboxLane::flush);
    }

    private static EventFailedException nobody(Concern concern) {
        return new EventFailedException(EventFailure.UNAVAILABLE, "no node serves " + concern);
    }
}
