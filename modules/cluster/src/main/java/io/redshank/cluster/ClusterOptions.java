package io.redshank.cluster;

import io.redshank.model.NodeName;
import java.util.List;

/** Trial. */
public record ClusterOptions(
        NodeName node, long incarnation, String name, String host, int port, List<String> members) {}
