package io.redshank.app.config;

import io.redshank.cluster.join.ClusterAddress;
import io.redshank.cluster.join.Discovery;
import io.redshank.cluster.join.MemberAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node's place in a cluster.
 *
 * @param enabled whether it is in one
 * @param address where the other nodes reach this one
 * @param discovery how it finds them
 * @param hazelcast a file that configures Hazelcast instead; null for none
 * @param secret what all nodes of the cluster know; null for none, on loopback only
 */
public record ClusterConfig(
        boolean enabled,
        String name,
        ClusterAddress address,
        Discovery discovery,
        @Nullable Path hazelcast,
        @Nullable String secret) {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LEAST_SECRET = 16;
    private static final int LAST_PORT = 65_535;
    private static final String SECRET = "secret";
    private static final String FILE = "hazelcast";
    private static final String FORM_OF_MEMBER = "host or host:port; without a port, 5701 to 5705 are tried";

    /** How others are found. */
    private enum Way {
        MEMBERS,
        KUBERNETES
    }

    static ClusterConfig from(Section cluster) {
        try (cluster) {
            boolean enabled = cluster.flag("enabled", false);
            ClusterConfig config = new ClusterConfig(
                    enabled,
                    cluster.text("name", "redshank"),
                    address(cluster),
                    discovery(cluster, enabled),
                    file(cluster),
                    secret(cluster));
            if (enabled && config.secret == null && !config.address.isLoopback()) {
                cluster.problems()
                        .add(
                                cluster.pathOf(SECRET),
                                "nothing",
                                "at least " + LEAST_SECRET + " characters that all nodes of the cluster have, for"
                                        + " cluster.host is " + config.address.host() + ", which others reach");
            }
            return config;
        }
    }

    private static ClusterAddress address(Section cluster) {
        return new ClusterAddress(
                ListenerConfig.host(cluster.text("host", LOOPBACK)),
                cluster.optionalText("advertised_host").orElse(null),
                cluster.number("port", 0, LAST_PORT, ClusterAddress.DEFAULT_PORT),
                cluster.number("bus_port", 0, LAST_PORT, 0));
    }

    private static Discovery discovery(Section cluster, boolean enabled) {
        Way way = cluster.oneOf("discovery", Map.of("members", Way.MEMBERS, "kubernetes", Way.KUBERNETES), Way.MEMBERS);
        List<String> members = members(cluster);
        try (Section kubernetes = cluster.section("kubernetes")) {
            String serviceDns = kubernetes.text("service_dns", "");
            int port = kubernetes.number("port", 1, LAST_PORT, ClusterAddress.DEFAULT_PORT);
            if (way == Way.MEMBERS) {
                return new Discovery.Members(members);
            }
            if (enabled && serviceDns.isEmpty()) {
                kubernetes.refuse(
                        "service_dns",
                        "the name of a headless service, such as \"redshank.default.svc.cluster.local\"");
            }
            if (enabled && address(cluster).isLoopback()) {
                cluster.refuse("host", "an address that other pods reach, such as \"0.0.0.0\"");
            }
            return new Discovery.Kubernetes(serviceDns, port);
        }
    }

    private static List<String> members(Section cluster) {
        List<String> members = cluster.texts("members");
        for (int i = 0; i < members.size(); i++) {
            if (MemberAddress.parse(members.get(i)).isEmpty()) {
                String place = cluster.pathOf("members") + "[" + i + "]";
                cluster.problems().add(place, Problems.shown(members.get(i)), FORM_OF_MEMBER);
            }
        }
        return members;
    }

    private static @Nullable String secret(Section cluster) {
        Optional<String> secret = cluster.secret(SECRET);
        if (secret.isPresent() && secret.get().length() < LEAST_SECRET) {
            String found =
                    secret.get().length() == 1 ? "1 character" : secret.get().length() + " characters";
            cluster.problems().add(cluster.pathOf(SECRET), found, "at least " + LEAST_SECRET + " characters");
        }
        return secret.orElse(null);
    }

    private static @Nullable Path file(Section cluster) {
        try {
            Path file = cluster.optionalText(FILE).map(Path::of).orElse(null);
            if (file != null && !Files.isReadable(file)) {
                cluster.refuse(FILE, "a file that can be read");
            }
            return file;
        } catch (InvalidPathException invalid) {
            cluster.refuse(FILE, "the name of a file");
            return null;
        }
    }

    /** Everything but the secret. */
    @Override
    public String toString() {
        return enabled ? "cluster " + name + " at " + address : "no cluster";
    }
}
