package io.redshank.app;

import io.redshank.app.config.AnonymousAccess;
import io.redshank.app.config.ClusterConfig;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.ListenerConfig;
import io.redshank.app.config.NodeConfig;
import io.redshank.app.config.OnOutage;
import io.redshank.app.config.PoolSettings;
import io.redshank.app.config.Role;
import io.redshank.auth.LoginOptions;
import io.redshank.auth.Users;
import io.redshank.broker.BrokerOptions;
import io.redshank.broker.Interest;
import io.redshank.broker.Listener;
import io.redshank.broker.ListenerOptions;
import io.redshank.broker.UnusableTlsException;
import io.redshank.broker.sys.SysOptions;
import io.redshank.cluster.join.ClusterOptions;
import io.redshank.events.Concern;
import io.redshank.events.Member;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.TopicFilter;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What each verticle is told, made of the configuration. */
final class Wiring {
    private static final TopicFilter EVERYTHING = new TopicFilter("#");
    private static final Map<Role, Concern> CONCERNS = Map.of(
            Role.MQTT, Concern.BROKER,
            Role.CONNECTION, Concern.CONNECTIONS,
            Role.MESSAGES, Concern.MESSAGES,
            Role.RETAINED, Concern.RETAINED,
            Role.ACKS, Concern.ACKS);

    private Wiring() {}

    /** This run of the node, and what it serves with. */
    static Member member(Configuration configuration, long incarnation) {
        NodeConfig node = configuration.node();
        Map<Concern, Integer> instances = new EnumMap<>(Concern.class);
        int share = shareOfPool(configuration);
        for (Role role : node.roles()) {
            int wanted = node.instances(role);
            instances.put(concern(role), role == Role.MQTT ? wanted : Math.min(wanted, share));
        }
        if (node.roles().contains(Role.MESSAGES)) {
            instances.put(Concern.DELAYED, 1);
        }
        if (configuration.cluster().enabled()) {
            instances.put(Concern.NODE, 1);
        }
        return new Member(node.name(), incarnation, instances);
    }

    /** What this run of the node is told of its cluster. */
    static ClusterOptions clusterOptions(Configuration configuration, long incarnation) {
        ClusterConfig cluster = configuration.cluster();
        return new ClusterOptions(
                configuration.node().name(),
                incarnation,
                cluster.name(),
                cluster.address(),
                cluster.discovery(),
                cluster.hazelcast(),
                cluster.secret(),
                Map.of("version", Version.text(), "roles", roles(configuration)));
    }

    /** How many instances each concern of the backend may have, so that all of them keep to the smallest pool's size. */
    private static int shareOfPool(Configuration configuration) {
        int smallest = configuration.backend().usedPools().stream()
                .mapToInt(PoolSettings::poolSize)
                .min()
                .orElse(Integer.MAX_VALUE);
        return Math.max(1, smallest / (Role.values().length - 1));
    }

    static BackendOptions backendOptions(Configuration configuration, List<PoolConfig> pools) {
        return new BackendOptions(
                configuration.node().name(),
                configuration.backend().hooks(),
                pools.stream().collect(Collectors.toMap(PoolConfig::name, pool -> pool)),
                configuration.backend().timestampUnit(),
                configuration.backend().bookmarkTtl(),
                configuration.backend().presenceTtl(),
                configuration.backend().sweepInterval(),
                configuration.backend().firstFetch(),
                configuration.backend().onOutage() == OnOutage.REJECT);
    }

    /** For all instances of the broker: what they share is in it. */
    static BrokerOptions brokerOptions(Configuration configuration, Supplier<Users> users) throws NodeStartException {
        HookTable hooks = configuration.backend().hooks();
        return new BrokerOptions(
                configuration.node().name(),
                listeners(configuration.mqtt().listeners(), configuration.mqtt().anonymous()),
                interest(hooks),
                configuration.mqtt().shared(),
                hooks.any(BackendFunction.ON_MESSAGE_RETAIN) || hooks.any(BackendFunction.ON_RETAIN_LOOKUP),
                configuration.mqtt().delayed().enabled(),
                configuration.mqtt().topics(),
                new SysOptions(Version.text(), configuration.mqtt().sysInterval()),
                configuration.mqtt().login().isChecked() ? LoginOptions.of(users) : LoginOptions.unchecked());
    }

    private static List<Listener> listeners(List<ListenerConfig> configured, AnonymousAccess anonymous)
            throws NodeStartException {
        List<Listener> listeners = new ArrayList<>();
        for (ListenerConfig listener : configured) {
            ListenerOptions options = new ListenerOptions(
                    listener.host(),
                    listener.port() == 0 ? -1 - listeners.size() : listener.port(),
                    listener.transport(),
                    listener.connections(),
                    listener.limits(),
                    listener.hints(),
                    anonymous.isAt(listener));
            try {
                listeners.add(Listener.of(options));
            } catch (UnusableTlsException changedSinceChecked) {
                throw new NodeStartException(
                        "mqtt.listeners[" + listeners.size() + "]." + changedSinceChecked.getMessage());
            }
        }
        return listeners;
    }

    /** Which events the hook table makes worth sending. */
    static Interest interest(HookTable hooks) {
        Set<BackendFunction> fetches = Set.of(
                BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE,
                BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB,
                BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST);
        return new Interest(
                filters(hooks, Hook.MESSAGE_PUBLISH, entry -> entry.action() instanceof CommandsAction),
                filters(hooks, Hook.MESSAGE_DELIVERED, entry -> true),
                filters(hooks, Hook.MESSAGE_ACKED, entry -> true),
                filters(
                        hooks,
                        Hook.SESSION_SUBSCRIBED,
                        entry -> fetches.stream().anyMatch(entry::does)),
                hooks.leasing().stream()
                        .map(entry -> new Interest.Leased(
                                entry.topic() == null ? new TopicFilter("#") : entry.topic(),
                                entry.fetch().lease()))
                        .toList());
    }

    static String readyLine(Configuration configuration, List<Integer> ports, @Nullable RedisAddress embedded) {
        List<String> listeners = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) { // of a node that serves no clients there are none
            String uri = configuration.mqtt().listeners().get(i).uri();
            listeners.add(uri.substring(0, uri.lastIndexOf(':') + 1) + ports.get(i));
        }
        String redis = configuration.backend().usedPools().stream()
                .map(pool -> redis(pool, embedded))
                .distinct()
                .collect(Collectors.joining(","));
        return "redshank ready: node %s, roles %s, listeners %s, redis %s"
                .formatted(
                        configuration.node().name(),
                        roles(configuration),
                        listeners.isEmpty() ? "none" : String.join(",", listeners),
                        redis);
    }

    private static String roles(Configuration configuration) {
        return configuration.node().roles().stream().map(Role::configName).collect(Collectors.joining(","));
    }

    /** Names the pools that do not answer, and where they were looked for. */
    static String missing(RedisLinks links, List<PoolConfig> pools) {
        return pools.stream()
                .filter(pool -> !links.to(pool.name()).isUp())
                .map(pool -> "pool " + pool.name() + " at "
                        + pool.servers().stream()
                                .map(server -> server.host() + ":" + server.port())
                                .collect(Collectors.joining(",")))
                .collect(Collectors.joining(", "));
    }

    private static Concern concern(Role role) {
        Concern concern = CONCERNS.get(role);
        if (concern == null) {
            throw new IllegalArgumentException("no verticle for the role " + role);
        }
        return concern;
    }

    private static String redis(PoolSettings pool, @Nullable RedisAddress embedded) {
        String server = embedded != null && pool.isEmbedded()
                ? embedded.host() + ":" + embedded.port() + " (embedded)"
                : pool.server().toString();
        return server + " database " + pool.database();
    }

    private static List<TopicFilter> filters(HookTable hooks, Hook hook, Predicate<HookEntry> wanted) {
        return hooks.entries(hook).stream()
                .filter(wanted)
                .map(entry -> {
                    TopicFilter topic = entry.topic();
                    return topic == null ? EVERYTHING : topic;
                })
                .distinct()
                .toList();
    }
}
