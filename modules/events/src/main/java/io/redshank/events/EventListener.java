package io.redshank.events;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what happens to the clients, sessions and messages of all nodes, whatever node it runs on: the way in for verticles of
 * users. Needs nothing but the {@link Vertx} that its verticle has.
 *
 * <pre>
 * listener = new EventListener(vertx).on(EventTypes.CLIENT_CONNECTED, event -&gt; connects++);
 * return listener.open();
 * </pre>
 *
 * <p>Each listener hears each event of its types, so a verticle with several instances hears all of them in each instance. Handlers
 * run on the context that the listener was made on, the events of a client in the order in which they happened as long as its
 * node stays the same.
 *
 * <p>Best effort, at most once: nobody waits for a listener. One that is slower than the events come loses what would take more than
 * 8 MiB to keep for it, and so does a node that does not answer; see {@link #lost}. A node that is killed tells no end of its
 * connections. What has to be known for certain is in Redis.
 */
public final class EventListener {
    private static final Logger log = LoggerFactory.getLogger(EventListener.class);

    private final Context context;
    private final Audience audience;
    private final Map<Integer, Consumer<Object>> handlers = new HashMap<>();
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private EventSet listensTo = EventSet.NONE;
    private boolean failed;

    /** A listener for the verticle that runs on the current context. It hears nothing yet. */
    public EventListener(Vertx vertx) {
        this.context = vertx.getOrCreateContext();
        this.audience = Audience.of(vertx);
    }

    /** Has this handler told of each event of this type; to be called before {@link #open}. */
    @SuppressWarnings("unchecked") // an entry's event is of its type
    public <E extends LifecycleEvent> EventListener on(EventType<E, ?> type, Consumer<E> handler) {
        handlers.put(type.code(), event -> handler.accept((E) event));
        listensTo = listensTo.and(type);
        return this;
    }

    /** Begins to listen; other nodes send what they have once they know, which takes them a moment. */
    public Future<Void> open() {
        audience.add(this);
        return Future.succeededFuture();
    }

    /** Listens no more; to be called when the verticle stops. */
    public Future<Void> close() {
        audience.remove(this);
        return Future.succeededFuture();
    }

    /** How many events this listener was too slow for. */
    public long lost() {
        return lost.get();
    }

    EventSet listensTo() {
        return listensTo;
    }

    /** Takes what it listens to, unless too much waits already; how many of them it loses. From any thread. */
    int offer(List<Batch.Entry<?, ?>> entries) {
        List<Batch.Entry<?, ?>> wanted = Audience.only(listensTo, entries);
        if (wanted.isEmpty()) {
            return 0;
        }
        long weight = Audience.weightOf(wanted);
        long before = waiting.getAndAdd(weight);
        if (before > 0 && before + weight > Audience.MOST_BYTES) {
            waiting.addAndGet(-weight);
            lost.addAndGet(wanted.size());
            return wanted.size();
        }
        context.runOnContext(turn -> hear(wanted, weight));
        return 0;
    }

    private void hear(List<Batch.Entry<?, ?>> entries, long weight) {
        for (Batch.Entry<?, ?> entry : entries) {
            Consumer<Object> handler = handlers.get(entry.type().code());
            if (handler != null) {
                tell(handler, entry);
            }
        }
        waiting.addAndGet(-weight);
    }

    private void tell(Consumer<Object> handler, Batch.Entry<?, ?> entry) {
        try {
            handler.accept(entry.event());
        } catch (RuntimeException bug) {
            if (!failed) { // it may go on like that with each event
                log.error("A listener's handler failed [event={}]", entry.type().name(), bug);
            }
            failed = true;
        }
    }
}
