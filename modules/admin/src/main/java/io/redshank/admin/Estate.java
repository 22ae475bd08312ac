package io.redshank.admin;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.LogWindow;
import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is kept in which pool, by the configuration of the nodes. */
final class Estate {
    private static final long DEFAULT_MESSAGE_SECONDS = TimeUnit.HOURS.toSeconds(2);

    private final BackendOptions options;
    private final RedisLinks links;

    Estate(BackendOptions options, RedisLinks links) {
        this.options = options;
        this.links = links;
    }

    BackendOptions options() {
        return options;
    }

    /** Where sessions, what they subscribe to, wills and delayed messages are. */
    RedisLink sessions() {
        return links.to(options.sessionPool().name());
    }

    /** Where it is written who is online. */
    List<RedisLink> presence() {
        return ofFunction(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED);
    }

    /** Where retained messages are. */
    List<RedisLink> retained() {
        return Stream.of(
                        ofFunction(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_RETAIN),
                        ofFunction(Hook.SESSION_SUBSCRIBED, BackendFunction.ON_RETAIN_LOOKUP))
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    /** The entry whose log gives a topic's messages their order; null if they are not stored. */
    @Nullable
    HookEntry storing(TopicName topic) {
        return first(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH, topic)
                .orElse(null);
    }

    /** The first entry of a hook that does this for a topic. */
    Optional<HookEntry> first(Hook hook, BackendFunction function, TopicName topic) {
        return options.hooks().entries(hook, function).stream()
                .filter(entry -> entry.appliesTo(topic))
                .findFirst();
    }

    /** How much of a topic's log is given to who reads it as a queue, or by a bookmark. */
    FetchView fetch(TopicName topic, boolean queue) {
        BackendFunction function =
                queue ? BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE : BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB;
        return first(Hook.SESSION_SUBSCRIBED, function, topic)
                .map(entry -> new FetchView(entry.fetch(), entry.path()))
                .orElseGet(() -> new FetchView(
                        new FetchRules(options.firstFetch(), LogWindow.EVERYTHING), "backend.redis.msg.first_fetch"));
    }

    /** Whether who subscribes to a topic by its name is given all that is in its log. */
    boolean isQueue(TopicName topic) {
        return first(Hook.SESSION_SUBSCRIBED, BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE, topic)
                .isPresent();
    }

    /** Where a topic's log is, and the bookmarks in it. */
    RedisLink logOf(TopicName topic) {
        HookEntry storing = storing(topic);
        return storing == null ? sessions() : links.to(storing.pool());
    }

    /** Where there are logs, and what clients have sent at QoS 2. */
    List<RedisLink> logs() {
        return options.logPools().stream().map(pool -> links.to(pool.name())).toList();
    }

    /** How long a message of a topic is kept in its log. */
    long messageSeconds(@Nullable TopicName topic) {
        HookEntry storing = topic == null ? null : storing(topic);
        return storing != null
                ? storing.expiredSeconds()
                : options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH).stream()
                        .mapToLong(HookEntry::expiredSeconds)
                        .max()
                        .orElse(DEFAULT_MESSAGE_SECONDS);
    }

    RedisLink linkTo(String pool) {
        return links.to(pool);
    }

    /** The pools, and of those that share a database only one. */
    List<RedisLink> databases() {
        Set<Database> seen = new HashSet<>();
        List<RedisLink> databases = new ArrayList<>();
        for (RedisLink link : links.all()) {
            if (seen.add(Database.of(link))) {
                databases.add(link);
            }
        }
        return databases;
    }

    /** Whether two pools share a database. */
    static boolean same(RedisLink one, RedisLink other) {
        return Database.of(one).equals(Database.of(other));
    }

    /** Whether one of these pools is in this database. */
    static boolean isAmong(List<RedisLink> pools, RedisLink database) {
        return pools.stream().anyMatch(pool -> same(pool, database));
    }

    NodeName node() {
        return options.node();
    }

    private List<RedisLink> ofFunction(Hook hook, BackendFunction function) {
        return options.hooks().entries(hook, function).stream()
                .map(HookEntry::pool)
                .distinct()
                .map(links::to)
                .toList();
    }

    /** What makes two pools the same keys. */
    private record Database(
            Set<RedisAddress> servers, @Nullable String masterName, int number) {
        static Database of(RedisLink link) {
            PoolConfig pool = link.pool();
            return new Database(Set.copyOf(pool.servers()), pool.masterName(), pool.database());
        }
    }
}
