package io.redshank.cluster.join;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.HazelcastException;
import java.io.FileNotFoundException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Hazelcast's configuration, in code: its defaults take a minute to notice a member that hangs, five to join parts that were split,
 * and open ports to everybody.
 */
final class HazelcastSetup {
    private static final int PORTS_TRIED = 20;
    /** More than one, so that two nodes may die at once without the others' addresses on the bus being forgotten. */
    private static final int BACKUPS = 2;
    /** Where Vert.x keeps who listens to what. */
    private static final String BUS_MAPS = "__vertx.*";
    /** Classes that members may send each other. */
    private static final String OF_BUS = "io.vertx.spi.cluster.hazelcast.";

    /** By this attribute Vert.x knows its own members. */
    private static final String BUS_ID = "__vertx.nodeId";

    private static final String DEFAULT_CLUSTER = "dev";

    /** The same on all members, or they do not join each other. */
    private static final String PARTITIONS = "hazelcast.partition.count";

    /** On unless it is switched off, whatever address is configured. */
    private static final String BIND_ANY = "hazelcast.socket.bind.any";

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"), // the node stops it, in its order
            Map.entry(
                    "hazelcast.socket.bind.any", "false"), // its default binds to all addresses, whatever is configured
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "8"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.max.join.seconds", "30"),
            Map.entry(
                    "hazelcast.partition.count",
                    "61"), // what is kept in them is small, and they are moved with each join
            Map.entry("hazelcast.graceful.shutdown.max.wait", "5"),
            Map.entry("hazelcast.health.monitoring.level", "OFF"));

    private HazelcastSetup() {}

    /** The configuration of one member; it looks for the others where it is told, and where is added later. */
    static Config config(ClusterOptions options, LiveMembers members) throws ClusterJoinException {
        Path file = options.file();
        Config config = file == null ? ours(options, members) : load(file);
        if (file == null || config.getClusterName().equals(DEFAULT_CLUSTER)) {
            config.setClusterName(options.cluster());
        }
        if (config.getProperty(PARTITIONS) == null) {
            config.setProperty(PARTITIONS, "61"); // what is kept in them is small, and they are moved with each join
        }
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        if (options.secret() == null) {
            config.setProperty(BIND_ANY, "false"); // else a file that says loopback binds to all addresses
        }
        config.getMemberAttributeConfig().setAttribute(BUS_ID, UUID.randomUUID().toString());
        MemberInfo.shown(options).forEach(config.getMemberAttributeConfig()::setAttribute);
        return config;
    }

    private static Config ours(ClusterOptions options, LiveMembers members) throws ClusterJoinException {
        Config config = new Config();
        PROPERTIES.forEach(config::setProperty);
        config.getMetricsConfig().setEnabled(false);
        config.getJetConfig().setEnabled(false);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig()
                        .setWhitelist(new ClassFilter().addPrefixes(OF_BUS))); // beside Java's and Hazelcast's own
        config.addMapConfig(new MapConfig(BUS_MAPS).setBackupCount(BACKUPS));
        config.addMultiMapConfig(new MultiMapConfig(BUS_MAPS)
                .setBackupCount(BACKUPS)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        config.setProperty(BIND_ANY, Boolean.toString(options.address().isAny()));
        AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
        network.setMemberEndpointConfig(endpoint(options.address()));
        join(network.getJoin(), options.discovery(), members);
        return config;
    }

    /** A port for members only: no clients, no REST, no memcache. */
    private static ServerSocketEndpointConfig endpoint(ClusterAddress address) throws ClusterJoinException {
        ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig()
                .setPort(address.port())
                .setPortCount(PORTS_TRIED)
                .setPortAutoIncrement(address.port() != 0);
        if (address.advertised() != null) {
            endpoint.setPublicAddress(address.advertised());
        }
        if (!address.isAny()) {
            endpoint.getInterfaces().setEnabled(true).addInterface(numeric(address.host()));
        }
        return endpoint;
    }

    private static void join(JoinConfig join, Discovery discovery, LiveMembers members) {
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        if (discovery instanceof Discovery.Kubernetes kubernetes) {
            join.getKubernetesConfig()
                    .setEnabled(true)
                    .setProperty("service-dns", kubernetes.serviceDns())
                    .setProperty("service-port", Integer.toString(kubernetes.port()));
        } else {
            join.setTcpIpConfig(members);
        }
    }

    private static String numeric(String host) throws ClusterJoinException {
        try {
            return InetAddress.getByName(host).getHostAddress();
        } catch (UnknownHostException unknown) {
            throw new ClusterJoinException(
                    "the cluster cannot bind to \"" + host
                            + "\", which no name server knows: set cluster.host to an address" + " of this machine",
                    unknown);
        }
    }

    private static Config load(Path file) throws ClusterJoinException {
        try {
            return Config.loadFromFile(file.toFile());
        } catch (FileNotFoundException missing) {
            throw new ClusterJoinException(
                    "there is no file " + file + ": correct cluster.hazelcast or leave it out", missing);
        } catch (HazelcastException invalid) {
            throw new ClusterJoinException(
                    "Hazelcast does not understand " + file + ": " + invalid.getMessage() + "; correct that file",
                    invalid);
        }
    }
}
