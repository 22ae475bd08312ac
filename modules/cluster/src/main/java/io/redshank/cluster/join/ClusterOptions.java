package io.redshank.cluster.join;

import io.redshank.model.NodeName;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told of the cluster that it joins.
 *
 * @param node its name, which no other member may have
 * @param incarnation which run of the node this is: its start in microseconds
 * @param cluster the cluster's name; members of another one are left alone
 * @param address where this node is reached
 * @param discovery where others are looked for; not used when there is a file
 * @param file a Hazelcast configuration of the user's own (XML or YAML); null to be configured by the rest
 * @param secret what all members know and no stranger; null for none, which loopback alone allows
 * @param attributes what else the others shall see of this node
 */
public record ClusterOptions(
        NodeName node,
        long incarnation,
        String cluster,
        ClusterAddress address,
        Discovery discovery,
        @Nullable Path file,
        @Nullable String secret,
        Map<String, String> attributes) {

    /** Copies the attributes. */
    public ClusterOptions {
        attributes = Map.copyOf(attributes);
    }

    Optional<String> secretIfAny() {
        return Optional.ofNullable(secret);
    }

    /** Everything but the secret. */
    @Override
    public String toString() {
        return node + " of " + incarnation + " in cluster " + cluster + " at " + address + ", others by " + discovery
                + (file == null ? "" : ", " + file) + (secret == null ? "" : ", with a secret");
    }
}
