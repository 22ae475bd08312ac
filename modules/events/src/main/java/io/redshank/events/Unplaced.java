package io.redshank.events;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Events of one outbox that go to whoever serves their key, while that is not clear: nobody serves their concern, or a node has come
 * that takes over some keys and what is on its way to the node before has not been answered yet. Their number is bounded by the
 * windows of those who send them.
 */
final class Unplaced {
    private final Map<Concern, List<Waiting<?, ?>>> events = new EnumMap<>(Concern.class);
    private final Set<Concern> settling = EnumSet.noneOf(Concern.class);

    /** Whether what is for this concern has to wait behind others. */
    boolean holds(Concern concern) {
        return settling.contains(concern) || events.containsKey(concern);
    }

    /** Whether this concern waits for answers. */
    boolean isSettling(Concern concern) {
        return settling.contains(concern);
    }

    void add(Concern concern, Waiting<?, ?> waiting) {
        events.computeIfAbsent(concern, first -> new ArrayList<>()).add(waiting);
    }

    /** Everything for this concern waits, from now on. */
    void hold(Concern concern) {
        settling.add(concern);
    }

    /** Nothing for this concern waits any more; what has waited, in order. */
    List<Waiting<?, ?>> release(Concern concern) {
        settling.remove(concern);
        List<Waiting<?, ?>> waited = events.remove(concern);
        return waited == null ? List.of() : waited;
    }

    /** All that waits. */
    List<Waiting<?, ?>> takeAll() {
        List<Waiting<?, ?>> all = new ArrayList<>();
        events.values().forEach(all::addAll);
        events.clear();
        return all;
    }
}
