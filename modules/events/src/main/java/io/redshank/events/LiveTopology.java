package io.redshank.events;

import io.vertx.core.Context;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The topology as it changes: one for each node. Whoever watches it is told of each change on a context of its own, in the
 * order of the changes. May be used from any thread.
 */
public final class LiveTopology {
    /** Somebody who watches. */
    public final class Watch {
        private final Context context;
        private final Consumer<Topology> watcher;

        private Watch(Context context, Consumer<Topology> watcher) {
            this.context = context;
            this.watcher = watcher;
        }

        /** Is told of nothing more, except of what is on its way. */
        public void end() {
            watches.remove(this);
        }
    }

    private final Routes routes;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private volatile Topology now;

    /** Begins with this one. */
    public LiveTopology(Topology first, Routes routes) {
        this.now = first;
        this.routes = routes;
    }

    /** That of a node on its own, which does not change. */
    public static LiveTopology alone(Topology topology) {
        return new LiveTopology(topology, Routes.NONE);
    }

    /** Which other nodes want what. */
    public Routes routes() {
        return routes;
    }

    /** The present one. */
    public Topology now() {
        return now;
    }

    /** Has this watcher told, on this context, of the present topology and of each that follows. */
    public synchronized Watch watch(Context context, Consumer<Topology> watcher) {
        Watch watch = new Watch(context, watcher);
        watches.add(watch);
        tell(watch, now);
        return watch;
    }

    /** These are the nodes beside this one, from now on. */
    public synchronized void change(List<Member> others) {
        Topology next = now.with(others);
        now = next;
        watches.forEach(watch -> tell(watch, next));
    }

    private static void tell(Watch watch, Topology topology) {
        watch.context.runOnContext(change -> watch.watcher.accept(topology));
    }
}
