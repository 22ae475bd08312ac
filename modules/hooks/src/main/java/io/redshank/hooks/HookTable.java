package io.redshank.hooks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All hook entries of a node, in the order in which they run. Immutable, shared by all verticles. */
public final class HookTable {
    private final Map<Hook, List<HookEntry>> entries = new EnumMap<>(Hook.class);

    /** A table of these entries; within a hook their order is kept. */
    public HookTable(List<HookEntry> all) {
        for (Hook hook : Hook.values()) {
            entries.put(hook, all.stream().filter(e -> e.hook() == hook).toList());
        }
    }

    /** What runs at this moment, first one first. */
    public List<HookEntry> entries(Hook hook) {
        return entries.getOrDefault(hook, List.of());
    }

    /** The entries of a hook that run this function, first one first. */
    public List<HookEntry> entries(Hook hook, BackendFunction function) {
        return entries(hook).stream().filter(e -> e.does(function)).toList();
    }

    /** The entries whose messages go to one client at a time. */
    public List<HookEntry> leasing() {
        return entries(Hook.SESSION_SUBSCRIBED).stream()
                .filter(entry -> entry.fetch().leases())
                .toList();
    }

    /** Every entry of every hook. */
    public List<HookEntry> all() {
        List<HookEntry> all = new ArrayList<>();
        entries.values().forEach(all::addAll);
        return all;
    }

    /** Whether anything runs at this moment. */
    public boolean any(Hook hook) {
        return !entries(hook).isEmpty();
    }

    /** Whether this function runs at any moment. */
    public boolean any(BackendFunction function) {
        return all().stream().anyMatch(e -> e.does(function));
    }

    /** The pools that some entry works on, by name. */
    public Set<String> pools() {
        return all().stream().map(HookEntry::pool).collect(Collectors.toUnmodifiableSet());
    }
}
