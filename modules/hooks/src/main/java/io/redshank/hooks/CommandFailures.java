package io.redshank.hooks;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often commands of each hook entry have failed since the start. Safe for all threads. */
public final class CommandFailures {
    private final Map<String, LongAdder> byPath = new ConcurrentHashMap<>();

    void count(HookEntry entry) {
        byPath.computeIfAbsent(entry.path(), path -> new LongAdder()).increment();
    }

    /** The counts by the entry's path in the configuration, of entries with a failure only. */
    public Map<String, Long> byPath() {
        Map<String, Long> counts = new TreeMap<>();
        byPath.forEach((path, count) -> counts.put(path, count.sum()));
        return counts;
    }
}
