package io.redshank.events;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that listen on one node; kept by its Vert.x, so that whoever has that finds it. May be used from any thread. */
final class Audience implements Shareable {
    /** What may wait for a listener, or be under way to a node, before it loses what comes. */
    static final long MOST_BYTES = 8L << 20;

    private static final Logger log = LoggerFactory.getLogger(Audience.class);
    private static final String NAME = "redshank.v1.audience";
    private static final long SAY_AGAIN_AFTER_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Somebody who wants to know what is listened to. */
    record Watch(Context context, Consumer<EventSet> watcher) {}

    private final List<EventListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong sayNext = new AtomicLong(System.nanoTime());
    private volatile EventSet listensTo = EventSet.NONE;

    private Audience() {}

    /** That of the node with this Vert.x. */
    static Audience of(Vertx vertx) {
        return vertx.sharedData().<String, Audience>getLocalMap(NAME).computeIfAbsent(NAME, first -> new Audience());
    }

    /** What anybody here listens to. */
    EventSet listensTo() {
        return listensTo;
    }

    synchronized void add(EventListener listener) {
        if (!listeners.contains(listener)) {
            listeners.add(listener);
        }
        changed();
    }

    synchronized void remove(EventListener listener) {
        listeners.remove(listener);
        changed();
    }

    /** Has this watcher told what is listened to, and when that changes. */
    void watch(Watch watch) {
        watches.add(watch);
        tell(watch);
    }

    void unwatch(Watch watch) {
        watches.remove(watch);
    }

    /** Tells everybody what they listen to of these. */
    void hear(List<Batch.Entry<?, ?>> entries) {
        for (EventListener listener : listeners) {
            int events = listener.offer(entries);
            if (events > 0) {
                lose(events, "a listener on this node is slower than events come");
            }
        }
    }

    /** Counts what nobody will hear, and says so once a minute at most. */
    void lose(int events, String why) {
        long all = lost.addAndGet(events);
        long now = System.nanoTime();
        long due = sayNext.get();
        if (now - due >= 0 && sayNext.compareAndSet(due, now + SAY_AGAIN_AFTER_NANOS)) {
            log.warn("Broadcasts lost [since start={}, cause={}]", all, why);
        }
    }

    /** How many broadcasts got lost on their way from here to other nodes, or on this node. */
    long lost() {
        return lost.get();
    }

    /** Those of these types. */
    static List<Batch.Entry<?, ?>> only(EventSet types, List<Batch.Entry<?, ?>> entries) {
        for (Batch.Entry<?, ?> entry : entries) {
            if (!types.hasCode(entry.type().code())) {
                return entries.stream()
                        .filter(one -> types.hasCode(one.type().code()))
                        .toList();
            }
        }
        return entries;
    }

    /** What these take to keep, roughly. */
    static long weightOf(List<Batch.Entry<?, ?>> entries) {
        long bytes = 0;
        for (Batch.Entry<?, ?> entry : entries) {
            bytes += entry.event() instanceof LifecycleEvent event ? event.weight() : 0;
        }
        return bytes;
    }

    private void changed() {
        EventSet all = EventSet.NONE;
        for (EventListener listener : listeners) {
            all = all.and(listener.listensTo());
        }
        listensTo = all;
        watches.forEach(this::tell);
    }

    private void tell(Watch watch) {
        watch.context.runOnContext(change -> watch.watcher.accept(listensTo));
    }
}
