package io.redshank.redis;

import io.redshank.testkit.RedisFixture;
import io.redshank.testkit.SentinelFixture;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configurations of pools on the servers of tests. */
final class Pools {
    private Pools() {}

    static PoolConfig of(RedisFixture redis) {
        return of(redis, 0, Duration.ofSeconds(5), null, null);
    }

    static PoolConfig withDatabase(RedisFixture redis, int database) {
        return of(redis, database, Duration.ofSeconds(5), null, null);
    }

    static PoolConfig withTimeout(RedisFixture redis, Duration timeout) {
        return of(redis, 0, timeout, null, null);
    }

    static PoolConfig withLogin(RedisFixture redis, @Nullable String username, String password) {
        return of(redis, 0, Duration.ofSeconds(5), username, password);
    }

    static PoolConfig of(SentinelFixture sentinel, @Nullable String username, @Nullable String password) {
        return new PoolConfig(
                "pool1",
                PoolType.SENTINEL,
                List.of(new RedisAddress("127.0.0.1", sentinel.sentinelPort())),
                SentinelFixture.MASTER_NAME,
                1,
                1,
                username,
                password,
                "mqtt_channel",
                Duration.ofSeconds(5));
    }

    private static PoolConfig of(
            RedisFixture redis, int database, Duration timeout, @Nullable String username, @Nullable String password) {
        return new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                1,
                database,
                username,
                password,
                "mqtt_channel",
                timeout);
    }
}
