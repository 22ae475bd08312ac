package io.redshank.cluster.join;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.NodeName;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Nodes that find each other by the addresses of those that are there already. Closes all of them. */
final class TestNodes implements AutoCloseable {
    private final String cluster = "test-" + UUID.randomUUID();
    private final List<ClusterNode> nodes = new ArrayList<>();

    @CanIgnoreReturnValue
    ClusterNode join(String name) throws ClusterJoinException {
        return join(options(name, null));
    }

    @CanIgnoreReturnValue
    ClusterNode join(ClusterOptions options) throws ClusterJoinException {
        ClusterNode node = ClusterNode.join(
                options, new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
        nodes.add(node);
        return node;
    }

    ClusterOptions options(String name, @Nullable String secret) {
        return options(name, secret, 0, addresses());
    }

    ClusterOptions options(String name, @Nullable String secret, int port, List<String> members) {
        return new ClusterOptions(
                new NodeName(name),
                1,
                cluster,
                new ClusterAddress("127.0.0.1", null, port, 0),
                new Discovery.Members(members),
                null,
                secret,
                Map.of("name", name));
    }

    List<String> addresses() {
        return nodes.stream().map(ClusterNode::address).toList();
    }

    /** It is closed already. */
    void forget(ClusterNode node) {
        nodes.remove(node);
    }

    @Override
    public void close() {
        nodes.forEach(ClusterNode::abandon);
    }
}
