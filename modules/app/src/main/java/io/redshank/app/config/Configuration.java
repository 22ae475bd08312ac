package io.redshank.app.config;

import io.redshank.hooks.HookTable;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** All that a node needs to be told. Whoever holds one can start it: everything in it has been checked. */
public record Configuration(NodeConfig node, MqttConfig mqtt, ClusterConfig cluster, BackendConfig backend) {

    /** Checks a whole configuration, into which nothing is merged any more. */
    public static Configuration of(JsonObject json) throws InvalidConfigurationException {
        return of(json, new Problems());
    }

    /** The same, with problems that were met on the way here. */
    static Configuration of(JsonObject json, Problems problems) throws InvalidConfigurationException {
        Configuration configuration;
        try (Section root = new Section(problems, "", json)) {
            NodeConfig node = NodeConfig.from(root.section("node"));
            MqttConfig mqtt = MqttConfig.from(root.section("mqtt"));
            if (node.roles().contains(Role.MQTT) && mqtt.listeners().isEmpty()) {
                problems.add("mqtt.listeners", "none", "at least one for a node with the role mqtt");
            }
            BackendConfig backend = BackendConfig.from(root.section("backend"));
            ClusterConfig cluster = ClusterConfig.from(root.section("cluster"));
            configuration = new Configuration(node, mqtt, cluster, backend);
        }
        problems.throwIfAny();
        return configuration;
    }

    /** One line that tells what this configuration would start. */
    public String summary() {
        HookTable hooks = backend.hooks();
        return "node %s, roles %s, listeners %s, pools %s, %d hook entries"
                .formatted(
                        node.name(),
                        node.roles().stream().map(Role::configName).collect(Collectors.joining(",")),
                        mqtt.listeners().stream().map(ListenerConfig::uri).collect(Collectors.joining(",")),
                        backend.usedPools().stream().map(PoolSettings::toString).collect(Collectors.joining(", ")),
                        hooks.all().size());
    }
}
