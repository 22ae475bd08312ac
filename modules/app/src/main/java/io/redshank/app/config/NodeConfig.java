package io.redshank.app.config;

import io.redshank.model.MalformedMqttException;
import io.redshank.model.NodeName;
import io.vertx.core.json.JsonArray;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who a node is and what it takes on.
 *
 * @param roles what it does; never empty
 * @param data the directory for what it keeps on disk
 * @param instances how many verticles of each role run here
 * @param drainRate how many clients are sent away each second when it stops
 * @param drainWithin how long that may take before the rest is cut off
 * @param verticles what users have run here beside that
 */
public record NodeConfig(
        NodeName name,
        Set<Role> roles,
        Path data,
        Map<Role, Integer> instances,
        int eventLoops,
        int drainRate,
        Duration drainWithin,
        List<VerticleConfig> verticles) {
    private static final String DEFAULT_NAME = "redshank@127.0.0.1";
    /** Stands for the name of the machine. */
    private static final String HOST_NAME = "${hostname}";

    private static final int MOST_INSTANCES = 1024;

    public NodeConfig {
        roles = Collections.unmodifiableSet(EnumSet.copyOf(roles));
        instances = Collections.unmodifiableMap(new EnumMap<>(instances));
        verticles = List.copyOf(verticles);
    }

    /** How many verticles of a role run here. */
    public int instances(Role role) {
        return instances.getOrDefault(role, eventLoops);
    }

    static NodeConfig from(Section node) {
        try (node) {
            int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
            int eventLoops = node.number("event_loops", 1, MOST_INSTANCES, cores);
            return new NodeConfig(
                    name(node),
                    roles(node),
                    data(node),
                    instances(node.section("instances"), eventLoops),
                    eventLoops,
                    node.number("drain_rate", 1, 1_000_000, 1000),
                    node.duration("drain_within", Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(60)),
                    VerticleConfig.from(node.sections("verticles")));
        }
    }

    private static NodeName name(Section node) {
        try {
            return new NodeName(node.text("name", DEFAULT_NAME).replace(HOST_NAME, hostName()));
        } catch (MalformedMqttException malformed) {
            node.refuse("name", "a name without white space, such as \"" + DEFAULT_NAME + "\"");
            return new NodeName(DEFAULT_NAME);
        }
    }

    /** The machine's name for itself: a container has one of its own. */
    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }

    private static Set<Role> roles(Section node) {
        Map<String, Role> known = Role.byConfigName();
        Set<Role> roles = EnumSet.noneOf(Role.class);
        List<String> names = node.texts("roles");
        for (int i = 0; i < names.size(); i++) {
            Role role = known.get(names.get(i));
            if (role == null) {
                String allowed = String.join(", ", new TreeSet<>(known.keySet()));
                node.problems().add(node.pathOf("roles") + "[" + i + "]", Problems.shown(names.get(i)), allowed);
            } else {
                roles.add(role);
            }
        }
        if (names.isEmpty() && node.raw("roles") instanceof JsonArray) {
            node.refuse("roles", "at least one of " + String.join(", ", new TreeSet<>(known.keySet())));
        }
        return roles.isEmpty() ? EnumSet.allOf(Role.class) : roles;
    }

    private static Path data(Section node) {
        try {
            return Path.of(node.text("data", "data"));
        } catch (InvalidPathException invalid) {
            node.refuse("data", "a directory");
            return Path.of("data");
        }
    }

    private static Map<Role, Integer> instances(Section section, int eventLoops) {
        try (section) {
            Map<Role, Integer> instances = new EnumMap<>(Role.class);
            for (Role role : Role.values()) {
                instances.put(role, section.number(role.configName(), 1, MOST_INSTANCES, eventLoops));
            }
            return instances;
        }
    }
}
