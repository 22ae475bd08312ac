package io.redshank.events;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.NodeName;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The sending side of the events of one verticle instance. What is sent in one turn of the event loop to one destination
 * leaves as one bus message, in order, at the end of the turn. Confined to the context it was made on.
 *
 * <p>An event that finds nobody there is sent again until somebody is: receivers come and go, and events are safe to deliver
 * twice. How much can wait here is bounded by the senders, who have a window of unanswered events each.
 */
public final class EventOutbox {
    private static final Future<Void> DONE = Future.succeededFuture();

    private final Vertx vertx;
    private final Context context;
    private final LiveTopology live;
    private final long answerWithinMillis;
    private final LiveTopology.Watch watch;
    private final Map<Destination, Lane> lanes = new LinkedHashMap<>();
    private final Unplaced unplaced = new Unplaced();
    private final Broadcasts broadcasts;
    private Topology topology;
    private long numbers;
    private boolean flushing;
    private boolean closed;

    /**
     * Where a lane leads.
     *
     * @param apart whether it is that of the claims, whose answers wait for ends of connections, on this node and on others: those
     *     must not wait behind claims in turn, for room in the lane or for the answer to their batch
     */
    private record Destination(Concern concern, Instance instance, boolean apart) {
        static Destination of(Concern concern, Instance instance, EventType<?, ?> type) {
            return new Destination(concern, instance, type == EventTypes.CLIENT_CLAIMED);
        }
    }

    /** An outbox for the verticle that runs on the current context. */
    public EventOutbox(Vertx vertx, LiveTopology live) {
        this(vertx, live, RemoteLane.ANSWER_WITHIN_MILLIS);
    }

    EventOutbox(Vertx vertx, LiveTopology live, long answerWithinMillis) {
        this.answerWithinMillis = answerWithinMillis;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.broadcasts = new Broadcasts(vertx, context);
        this.live = live;
        this.topology = live.now();
        this.watch = live.watch(context, this::onTopology);
    }

    /** Sends an event that nobody waits for to the instance that its key picks. */
    public <E, R> void send(EventType<E, R> type, Concern to, E event) {
        if (!closed) {
            place(to, new Waiting<>(numbers++, type, event, true, null));
        }
    }

    /** Sends an event that nobody waits for to this very instance, as long as that is there. */
    public <E, R> void sendOf(EventType<E, R> type, Concern to, Instance instance, E event) {
        if (!closed && isThere(to, instance)) {
            lane(to, instance, type).add(new Waiting<>(numbers++, type, event, false, null));
        }
    }

    /** Sends an event that nobody waits for to every instance on this node. */
    public <E, R> void sendToAll(EventType<E, R> type, Concern to, E event) {
        for (int number = 0; number < topology.instancesOf(to); number++) {
            sendOf(type, to, new Instance(topology.node(), number), event);
        }
    }

    /** Sends an event to the instance that its key picks, and completes with the answer or an {@link EventFailedException}. */
    public <E, R> Future<R> request(EventType<E, R> type, Concern to, E event) {
        if (closed) {
            return Future.failedFuture(stopping());
        }
        Promise<R> answer = Promise.promise();
        place(to, new Waiting<>(numbers++, type, event, true, answer));
        return answer.future();
    }

    /** Sends an event to this very instance, and completes with the answer or an {@link EventFailedException}. */
    public <E, R> Future<R> requestOf(EventType<E, R> type, Concern to, Instance instance, E event) {
        if (closed) {
            return Future.failedFuture(stopping());
        }
        if (!isThere(to, instance)) {
            return Future.failedFuture(nobody(to + " " + instance));
        }
        Promise<R> answer = Promise.promise();
        lane(to, instance, type).add(new Waiting<>(numbers++, type, event, false, answer));
        return answer.future();
    }

    /** Asks every instance on this node; as many answers as there are instances. */
    public <E, R> List<Future<R>> requestOfAll(EventType<E, R> type, Concern to, E event) {
        List<Future<R>> answers = new ArrayList<>();
        for (int number = 0; number < topology.instancesOf(to); number++) {
            answers.add(requestOf(type, to, new Instance(topology.node(), number), event));
        }
        return answers;
    }

    /**
     * Has a message routed: by all broker instances of this node, and by those of each other node where somebody wants it, to
     * which it goes once. Complete when those nodes have it, or are gone; it never fails.
     */
    @CanIgnoreReturnValue
    public Future<Void> route(MessageAccepted accepted) {
        sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, accepted);
        List<NodeName> nodes = live.routes().nodesFor(accepted.message().topic());
        if (nodes.isEmpty()) {
            return DONE;
        }
        List<Future<?>> arrivals = new ArrayList<>(nodes.size());
        for (NodeName node : nodes) {
            Instance entrance =
                    topology.entrance(node, EventTypes.MESSAGE_FORWARDED.key().applyAsInt(accepted));
            if (entrance != null && !accepted.message().qos().isAcknowledged()) {
                forwardAtMostOnce(entrance, accepted);
            } else if (entrance != null) {
                arrivals.add(requestOf(EventTypes.MESSAGE_FORWARDED, Concern.BROKER, entrance, accepted));
            }
        }
        return arrivals.isEmpty() ? DONE : Future.join(arrivals).transform(arrived -> DONE);
    }

    /** What is told to whoever listens, and not to a concern. */
    public Broadcasts broadcasts() {
        return broadcasts;
    }

    /** Fails what still waits, also for the answer to what was sent, and sends nothing more. */
    public void close() {
        closed = true;
        broadcasts.close();
        watch.end();
        EventFailedException stopping = stopping();
        lanes.values().forEach(lane -> lane.end().forEach(waiting -> waiting.fail(stopping)));
        unplaced.takeAll().forEach(waiting -> waiting.fail(stopping));
    }

    private void forwardAtMostOnce(Instance entrance, MessageAccepted accepted) {
        if (!lane(Concern.BROKER, entrance, EventTypes.MESSAGE_FORWARDED).isCrowded()) {
            sendOf(EventTypes.MESSAGE_FORWARDED, Concern.BROKER, entrance, accepted);
        }
    }

    /** To the instance that its key picks; if that is not clear at the moment, it waits until it is. */
    private void place(Concern to, Waiting<?, ?> waiting) {
        Instance instance = topology.serving(to, waiting.key());
        if (unplaced.holds(to) || (instance == null && topology.clustered())) {
            unplaced.add(to, waiting);
        } else if (instance == null) {
            waiting.fail(nobody(to.toString()));
        } else {
            lane(to, instance, waiting.type()).add(waiting);
        }
    }

    private Lane lane(Concern to, Instance instance, EventType<?, ?> type) {
        if (!flushing) {
            flushing = true;
            context.runOnContext(turnEnded -> flush());
        }
        return lanes.computeIfAbsent(Destination.of(to, instance, type), this::newLane);
    }

    private Lane newLane(Destination to) {
        Member member = topology.member(to.instance.node());
        if (member == null) {
            throw new IllegalStateException(to.instance + " is not there");
        }
        String address = to.concern.addressOf(member, to.instance.number());
        if (member == topology.self()) {
            return new LocalLane(vertx, address);
        }
        long lane = ThreadLocalRandom.current().nextLong();
        return new RemoteLane(
                vertx, address, Ticket.from(topology.self(), lane), answerWithinMillis, () -> onIdle(to.concern));
    }

    private void flush() {
        flushing = false;
        lanes.values().forEach(Lane::flush);
    }

    private boolean isThere(Concern concern, Instance instance) {
        Member member = topology.member(instance.node());
        return member != null && instance.number() < member.instancesOf(concern);
    }

    /** Nodes have come or gone: what is on its way to those that are gone goes to others now, if it may. */
    private void onTopology(Topology next) {
        if (closed) {
            return;
        }
        Topology before = topology;
        topology = next;
        broadcasts.onTopology(next);
        Map<Destination, List<Waiting<?, ?>>> returned = new LinkedHashMap<>();
        lanes.entrySet().removeIf(lane -> {
            Member leadsTo = before.member(lane.getKey().instance().node());
            boolean gone = leadsTo == null || !next.hasRun(leadsTo);
            if (gone) {
                returned.put(lane.getKey(), lane.getValue().end());
            }
            return gone;
        });
        for (Concern concern : Concern.values()) {
            if (next.instancesOf(concern) == 0 && isServedOtherwise(concern, before, next) && !isIdle(concern)) {
                unplaced.hold(concern); // keys that move may have something on its way to where they were
            } else if (!unplaced.isSettling(concern) || isIdle(concern)) {
                release(concern);
            }
        }
        returned.forEach(this::placeAgain);
    }

    private void placeAgain(Destination from, List<Waiting<?, ?>> events) {
        for (Waiting<?, ?> waiting : events) {
            if (waiting.keyed()) {
                place(from.concern, waiting.again());
            } else {
                waiting.fail(nobody(from.concern + " " + from.instance));
            }
        }
    }

    private void onIdle(Concern concern) {
        if (unplaced.isSettling(concern) && isIdle(concern)) {
            release(concern);
        }
    }

    private void release(Concern concern) {
        unplaced.release(concern).forEach(waiting -> place(concern, waiting));
    }

    private boolean isIdle(Concern concern) {
        return lanes.entrySet().stream()
                .allMatch(lane -> lane.getKey().concern != concern
                        || lane.getKey().apart
                        || lane.getValue().isIdle());
    }

    /** Whether somebody has come who serves this, or somebody who is still there serves it no more. */
    private static boolean isServedOtherwise(Concern concern, Topology before, Topology next) {
        return next.others().stream().anyMatch(member -> {
            Member was = before.member(member.node());
            int served = was == null || !was.isSameRunAs(member) ? 0 : was.instancesOf(concern);
            return member.instancesOf(concern) != served;
        });
    }

    private static EventFailedException stopping() {
        return new EventFailedException(EventFailure.UNAVAILABLE, "this node is stopping");
    }

    private static EventFailedException nobody(String whom) {
        return new EventFailedException(EventFailure.UNAVAILABLE, "no node serves " + whom);
    }
}
