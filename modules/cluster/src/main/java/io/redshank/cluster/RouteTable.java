package io.redshank.cluster;

import io.redshank.events.Routes;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the other nodes of the cluster want: one table for each node, changed on one context and read from all of them. Filters
 * without wildcards, which are most where there are many, cost one entry of a hash map each.
 */
public final class RouteTable implements Routes {
    private final Map<String, List<NodeName>> exact = new ConcurrentHashMap<>();
    private final RouteTrie wild = new RouteTrie();
    /** What each node wants, to be able to forget a node. Only for the context that changes the table. */
    private final Map<NodeName, Set<TopicFilter>> byNode = new HashMap<>();

    @Override
    public List<NodeName> nodesFor(TopicName topic) {
        List<NodeName> named = exact.getOrDefault(topic.value(), List.of());
        if (wild.isEmpty()) {
            return named;
        }
        List<NodeName> all = new ArrayList<>(named);
        wild.collect(topic.value(), all);
        return all;
    }

    /** How many filters of other nodes there are. */
    int size() {
        return byNode.values().stream().mapToInt(Set::size).sum();
    }

    void add(NodeName node, TopicFilter filter) {
        if (byNode.computeIfAbsent(node, first -> new HashSet<>()).add(filter)) {
            if (filter.hasWildcard()) {
                wild.add(filter.value(), node);
            } else {
                exact.merge(filter.value(), List.of(node), RouteTable::union);
            }
        }
    }

    void remove(NodeName node, TopicFilter filter) {
        Set<TopicFilter> wanted = byNode.get(node);
        if (wanted == null || !wanted.remove(filter)) {
            return;
        }
        if (wanted.isEmpty()) {
            byNode.remove(node);
        }
        if (filter.hasWildcard()) {
            wild.remove(filter.value(), node);
        } else {
            exact.computeIfPresent(filter.value(), (topic, nodes) -> without(nodes, node));
        }
    }

    /** A node wants nothing but these. */
    void keepOnly(NodeName node, Set<TopicFilter> wanted) {
        for (TopicFilter filter : List.copyOf(byNode.getOrDefault(node, Set.of()))) {
            if (!wanted.contains(filter)) {
                remove(node, filter);
            }
        }
    }

    /** A node wants nothing any more. */
    void drop(NodeName node) {
        keepOnly(node, Set.of());
    }

    static List<NodeName> union(List<NodeName> nodes, List<NodeName> more) {
        List<NodeName> union = new ArrayList<>(nodes);
        more.stream().filter(node -> !nodes.contains(node)).forEach(union::add);
        return List.copyOf(union);
    }

    /** Null if nobody is left. */
    @SuppressWarnings("NullAway") // as a map's remapping function says that the entry goes
    static List<NodeName> without(List<NodeName> nodes, NodeName node) {
        List<NodeName> rest =
                nodes.stream().filter(other -> !other.equals(node)).toList();
        return rest.isEmpty() ? null : rest;
    }
}
