package io.redshank.events;

import io.redshank.model.NodeName;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sending side of what {@link EventListener}s hear, those of this node and of others: at most once, and nothing where nobody
 * listens. What is sent in one turn of the event loop leaves together at its end. Nobody waits for it; of what a node does not take
 * in time it loses the rest. Confined to the context of its outbox.
 */
public final class Broadcasts {
    private static final DeliveryOptions OPTIONS =
            new DeliveryOptions().setCodecName(Batch.CODEC.name()).setSendTimeout(30_000);

    private final Vertx vertx;
    private final Context context;
    private final Audience audience;
    private final Map<NodeName, Outlet> outlets = new LinkedHashMap<>();
    private EventSet elsewhere = EventSet.NONE;
    private List<Batch.Entry<?, ?>> turn = new ArrayList<>();
    private boolean closed;

    Broadcasts(Vertx vertx, Context context) {
        this.vertx = vertx;
        this.context = context;
        this.audience = Audience.of(vertx);
    }

    /** Whether anybody listens to events of this type: all that it costs where nobody does. */
    public boolean isHeard(EventType<? extends LifecycleEvent, ?> type) {
        return elsewhere.has(type) || audience.listensTo().has(type);
    }

    /** Tells whoever listens. */
    public <E extends LifecycleEvent> void send(EventType<E, ?> type, E event) {
        if (isHeard(type) && !closed) {
            add(type, event);
        }
    }

    /** How many got lost on their way from this node to others, or on this node. */
    public long lost() {
        return audience.lost();
    }

    private <E, R> void add(EventType<E, R> type, E event) {
        if (turn.isEmpty()) {
            context.runOnContext(turnEnded -> flush());
        }
        turn.add(new Batch.Entry<>(type, event, false));
    }

    /** Nodes have come or gone, or listen to something else. */
    void onTopology(Topology now) {
        outlets.values().removeIf(outlet -> !now.hasRun(outlet.member));
        EventSet all = EventSet.NONE;
        for (Member member : now.others()) {
            EventSet wanted = member.listensTo();
            all = all.and(wanted);
            if (wanted.equals(EventSet.NONE)) {
                outlets.remove(member.node());
            } else {
                outlets.computeIfAbsent(member.node(), node -> new Outlet(member)).wanted = wanted;
            }
        }
        elsewhere = all;
    }

    void close() {
        flush();
        closed = true;
    }

    private void flush() {
        List<Batch.Entry<?, ?>> entries = turn;
        if (entries.isEmpty()) {
            return;
        }
        turn = new ArrayList<>();
        audience.hear(entries);
        outlets.values().forEach(outlet -> outlet.send(entries));
    }

    /** The way to another node, as long as that listens. */
    private final class Outlet {
        private final Member member;
        private EventSet wanted = EventSet.NONE;
        private long underway;

        Outlet(Member member) {
            this.member = member;
        }

        void send(List<Batch.Entry<?, ?>> entries) {
            List<Batch.Entry<?, ?>> these = Audience.only(wanted, entries);
            if (these.isEmpty()) {
                return;
            }
            long weight = Audience.weightOf(these);
            if (underway > 0 && underway + weight > Audience.MOST_BYTES) {
                lose(these.size(), "does not take them in time");
                return;
            }
            underway += weight;
            vertx.eventBus()
                    .<Answers>request(member.audienceAddress(), new Batch(null, these), OPTIONS)
                    .onFailure(failure -> lose(these.size(), String.valueOf(failure.getMessage())))
                    .onComplete(over -> underway -= weight);
        }

        private void lose(int events, String why) {
            audience.lose(events, "node " + member.node() + ": " + why);
        }
    }
}
