package io.redshank.app.config;

import io.redshank.hooks.HookTable;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.redis.TimestampUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is kept in Redis, where, and for how long.
 *
 * @param waitForRedis how long a start keeps trying a Redis that does not answer
 * @param pools every pool, by name; see {@link #usedPools} for those that matter
 * @param timestampUnit the unit of the times that are written
 * @param bookmarkTtl how long a bookmark is kept after its last move
 * @param presenceTtl how long it is remembered that a client was here, once it has gone
 * @param sweepInterval the time between two walks over the index of the logs
 * @param firstFetch how much of a log is given to whom it has no bookmark of, unless a hook entry says otherwise
 */
public record BackendConfig(
        Duration waitForRedis,
        OnOutage onOutage,
        Map<String, PoolSettings> pools,
        HookTable hooks,
        Duration expiredAfter,
        TimestampUnit timestampUnit,
        Duration bookmarkTtl,
        Duration presenceTtl,
        Duration sweepInterval,
        LogWindow firstFetch) {
    private static final long DEFAULT_EXPIRED_AFTER = 7200;
    private static final Duration DAY = Duration.ofDays(1);

    public BackendConfig {
        pools = Map.copyOf(pools);
    }

    /** The pools that some hook entry works on, in order of their names. Nothing needs to be connected or started for others. */
    public List<PoolSettings> usedPools() {
        TreeMap<String, PoolSettings> used = new TreeMap<>(pools);
        used.keySet().retainAll(hooks.pools());
        return new ArrayList<>(used.values());
    }

    static BackendConfig from(Section backend) {
        try (backend;
                Section redis = backend.section("redis");
                Section msg = redis.section("msg");
                Section commands = backend.section("commands")) {
            long expiredAfter = msg.secondsOr("expired_after", DEFAULT_EXPIRED_AFTER);
            boolean bareWords = commands.flag("bare_words", true);
            Map<String, PoolSettings> pools = pools(redis);
            LogWindow firstFetch = LogRules.firstFetch(msg, LogWindow.NOTHING);
            Retention retention = LogRules.retention(msg, Retention.UNLIMITED);
            HookTable hooks = new HookEntryReader(pools.keySet(), expiredAfter, firstFetch, retention, bareWords)
                    .read(redis.section("hook"));
            return new BackendConfig(
                    backend.duration("wait_for_redis", Duration.ZERO, DAY, Duration.ZERO),
                    backend.oneOf("on_outage", Map.of("wait", OnOutage.WAIT, "reject", OnOutage.REJECT), OnOutage.WAIT),
                    pools,
                    hooks,
                    Duration.ofSeconds(expiredAfter),
                    msg.oneOf(
                            "timestamp_unit",
                            Map.of("s", TimestampUnit.SECONDS, "ms", TimestampUnit.MILLISECONDS),
                            TimestampUnit.SECONDS),
                    msg.duration("bookmark_ttl", Duration.ofSeconds(1), DAY.multipliedBy(36_500), DAY.multipliedBy(30)),
                    msg.duration(
                            "presence_ttl", Duration.ofSeconds(1), DAY.multipliedBy(36_500), DAY.multipliedBy(365)),
                    msg.duration("sweep_interval", Duration.ofSeconds(1), DAY, Duration.ofSeconds(60)),
                    firstFetch);
        }
    }

    private static Map<String, PoolSettings> pools(Section redis) {
        Map<String, PoolSettings> pools = new TreeMap<>();
        for (String key : redis.keys()) {
            if (Layers.isPool(key) && redis.holdsObject(key)) {
                pools.put(key, PoolSettings.from(key, redis.section(key)));
            }
        }
        return pools;
    }
}
