package io.redshank.app.config;

import java.util.List;

/**
 * The node's place in a cluster. This version runs one node: the section is checked, and must not be enabled.
 *
 * @param members where other nodes are found, as {@code host:port}
 */
public record ClusterConfig(boolean enabled, String name, int port, List<String> members) {
    private static final int HAZELCAST_PORT = 5701;

    public ClusterConfig {
        members = List.copyOf(members);
    }

    static ClusterConfig from(Section cluster) {
        try (cluster) {
            ClusterConfig config = new ClusterConfig(
                    cluster.flag("enabled", false),
                    cluster.text("name", "redshank"),
                    cluster.number("port", 1, 65_535, HAZELCAST_PORT),
                    cluster.texts("members"));
            return config;
        }
    }
}
