package io.redshank.events;

import io.redshank.model.NodeName;
import java.util.Map;

/**
 * Which verticle instances there are to send to.
 *
 * @param node this node
 * @param instances how many instances of each concern this node runs; a concern that is absent has none
 */
public record Topology(NodeName node, Map<Concern, Integer> instances) {
    /** Keeps a copy of the counts; each must be at least 1. */
    public Topology {
        instances = Map.copyOf(instances);
        if (instances.values().stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("a concern has less than one instance: " + instances);
        }
    }

    /** How many instances of this concern there are; 0 if nobody serves it. */
    public int instancesOf(Concern concern) {
        return instances.getOrDefault(concern, 0);
    }
}
