package io.redshank.cluster;

import io.redshank.model.NodeName;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Filters with wildcards, by level. Changed by one thread and read by others at the same time: a reader sees each filter either
 * with a change or without it.
 */
final class RouteTrie {
    private static final class Level {
        final Map<String, Level> children = new ConcurrentHashMap<>(2);
        volatile List<NodeName> nodes = List.of();

        boolean isUnused() {
            return children.isEmpty() && nodes.isEmpty();
        }
    }

    private final Level root = new Level();

    boolean isEmpty() {
        return root.isUnused();
    }

    void add(String filter, NodeName node) {
        Level level = root;
        int start = 0;
        for (int slash = filter.indexOf('/'); slash >= 0; slash = filter.indexOf('/', start)) {
            level = level.children.computeIfAbsent(filter.substring(start, slash), name -> new Level());
            start = slash + 1;
        }
        Level last = level.children.computeIfAbsent(filter.substring(start), name -> new Level());
        last.nodes = RouteTable.union(last.nodes, List.of(node));
    }

    void remove(String filter, NodeName node) {
        remove(root, filter, 0, node);
    }

    private static void remove(Level level, String filter, int start, NodeName node) {
        int slash = filter.indexOf('/', start);
        String name = slash < 0 ? filter.substring(start) : filter.substring(start, slash);
        Level child = level.children.get(name);
        if (child == null) {
            return;
        }
        if (slash >= 0) {
            remove(child, filter, slash + 1, node);
        } else {
            child.nodes =
                    child.nodes.stream().filter(other -> !other.equals(node)).toList();
        }
        if (child.isUnused()) {
            level.children.remove(name);
        }
    }

    /** Adds the nodes of all filters that match the topic, each node once. */
    void collect(String topic, List<NodeName> found) {
        match(root, topic, 0, found);
    }

    private static void match(Level level, String topic, int start, List<NodeName> found) {
        // [MQTT-4.7.2-1]: a wildcard in the first level does not match a topic that starts with $
        boolean wildcards = start > 0 || topic.charAt(0) != '$';
        if (wildcards) {
            take(level.children.get("#"), found);
        }
        int slash = topic.indexOf('/', start);
        String name = slash < 0 ? topic.substring(start) : topic.substring(start, slash);
        descend(level.children.get(name), topic, slash, found);
        if (wildcards) {
            descend(level.children.get("+"), topic, slash, found);
        }
    }

    private static void descend(@Nullable Level child, String topic, int slash, List<NodeName> found) {
        if (child == null) {
            return;
        }
        if (slash >= 0) {
            match(child, topic, slash + 1, found);
        } else {
            take(child, found);
            take(child.children.get("#"), found); // "sport/#" matches "sport" too
        }
    }

    private static void take(@Nullable Level level, List<NodeName> found) {
        if (level != null) {
            for (NodeName node : level.nodes) {
                if (!found.contains(node)) {
                    found.add(node);
                }
            }
        }
    }
}
