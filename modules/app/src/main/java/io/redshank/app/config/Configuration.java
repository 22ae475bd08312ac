package io.redshank.app.config;

import io.redshank.hooks.HookTable;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/** All that a node needs to be told. Whoever holds one can start it: everything in it has been checked. */
public record Configuration(NodeConfig node, MqttConfig mqtt, ClusterConfig cluster, BackendConfig backend) {

    /** Checks a whole configuration, into which nothing is merged any more. */
    public static Configuration of(JsonObject json) throws InvalidConfigurationException {
        return of(json, new Problems());
    }

    /** What is wrong with a configuration; nothing, if a node can be started with it. */
    public static List<String> problemsIn(JsonObject json) {
        Problems problems = new Problems();
        @SuppressWarnings("unused") // only what is noted along the way is asked for
        Configuration read = read(json, problems);
        return problems.lines();
    }

    /** The same as {@link #of(JsonObject)}, with problems that were met on the way here. */
    static Configuration of(JsonObject json, Problems problems) throws InvalidConfigurationException {
        Configuration configuration = read(json, problems);
        problems.throwIfAny();
        return configuration;
    }

    /** Usable only if no problem was noted. */
    private static Configuration read(JsonObject json, Problems problems) {
        try (Section root = new Section(problems, "", json)) {
            NodeConfig node = NodeConfig.from(root.section("node"));
            MqttConfig mqtt = MqttConfig.from(root.section("mqtt"));
            if (node.roles().contains(Role.MQTT) && mqtt.listeners().isEmpty()) {
                problems.add("mqtt.listeners", "none", "at least one for a node with the role mqtt");
            }
            ClusterConfig cluster = ClusterConfig.from(root.section("cluster"));
            if (problems.lines().isEmpty() && !cluster.enabled() && node.roles().size() < Role.values().length) {
                problems.add(
                        "node.roles",
                        node.roles().size() + " of " + Role.values().length,
                        "all of them: without a cluster, one node does everything");
            }
            BackendConfig backend = BackendConfig.from(root.section("backend"));
            if (cluster.enabled()) {
                refuseEmbedded(backend, problems);
            }
            return new Configuration(node, mqtt, cluster, backend);
        }
    }

    private static void refuseEmbedded(BackendConfig backend, Problems problems) {
        for (PoolSettings pool : backend.usedPools()) {
            if (pool.isEmbedded()) {
                problems.add(
                        "backend.redis." + pool.name() + ".server",
                        "\"embedded\"",
                        "the address of a Redis that all nodes of the cluster reach, such as \"127.0.0.1:6379\", since an"
                                + " embedded one is each node's own");
            }
        }
    }

    /** One line that tells what this configuration would start. */
    public String summary() {
        HookTable hooks = backend.hooks();
        String place = cluster.enabled() ? ", " + cluster : "";
        return "node %s, roles %s, listeners %s, pools %s, %d hook entries"
                .formatted(
                        node.name(),
                        node.roles().stream().map(Role::configName).collect(Collectors.joining(",")),
                        mqtt.listeners().stream().map(ListenerConfig::uri).collect(Collectors.joining(",")),
                        backend.usedPools().stream().map(PoolSettings::toString).collect(Collectors.joining(", ")),
                        hooks.all().size())
                .concat(place);
    }
}
