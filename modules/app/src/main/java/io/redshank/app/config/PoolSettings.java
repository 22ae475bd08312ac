package io.redshank.app.config;

import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pool of connections to one Redis, as configured.
 *
 * @param masterName what the sentinels call the server; null without sentinels
 */
public record PoolSettings(
        String name,
        PoolType type,
        PoolServer server,
        @Nullable String masterName,
        int poolSize,
        int database,
        @Nullable String username,
        @Nullable String password,
        String channel,
        @Nullable RedisTls tls,
        Duration queryTimeout) {
    private static final PoolServer NOWHERE = new PoolServer.Addresses(List.of());
    private static final int MOST_DATABASES = 1 << 24;
    private static final int EMBEDDED_DATABASES = 16;

    /** Whether this node has to start the Redis itself. */
    public boolean isEmbedded() {
        return server instanceof PoolServer.Embedded;
    }

    /** The pool, once it is known where an embedded server listens. */
    public PoolConfig at(RedisAddress embedded) {
        List<RedisAddress> addresses =
                server instanceof PoolServer.Addresses known ? known.addresses() : List.of(embedded);
        return new PoolConfig(
                name, type, addresses, masterName, poolSize, database, username, password, channel, tls, queryTimeout);
    }

    static PoolSettings from(String name, Section pool) {
        try (pool) {
            PoolType type = pool.oneOf(
                    "type",
                    Map.of(
                            "single", PoolType.SINGLE,
                            "sentinel", PoolType.SENTINEL,
                            "cluster", PoolType.CLUSTER),
                    PoolType.SINGLE);
            PoolServer server = server(pool, type);
            return new PoolSettings(
                    name,
                    type,
                    server,
                    masterName(pool, type),
                    pool.number("pool_size", 1, 1024, 8),
                    database(pool, type, server),
                    pool.optionalText("username").orElse(null),
                    pool.secret("password").orElse(null),
                    pool.text("channel", "mqtt_channel"),
                    PoolTlsReader.tls(pool, server),
                    pool.duration("query_timeout", Duration.ofMillis(50), Duration.ofHours(1), Duration.ofSeconds(5)));
        }
    }

    private static int database(Section pool, PoolType type, PoolServer server) {
        int databases = server instanceof PoolServer.Embedded ? EMBEDDED_DATABASES : MOST_DATABASES;
        int database = pool.number("database", 0, databases - 1, 0);
        if (type == PoolType.CLUSTER && database != 0) {
            pool.refuse("database", "0, since a Redis Cluster has no other");
            return 0;
        }
        return database;
    }

    private static PoolServer server(Section pool, PoolType type) {
        String text = pool.text("server", "");
        PoolServer server = ServerAddresses.parse(text, type);
        if (server == null) {
            pool.refuse("server", ServerAddresses.allowed(type));
            return NOWHERE;
        }
        return server;
    }

    private static @Nullable String masterName(Section pool, PoolType type) {
        String name = pool.optionalText("sentinel").orElse(null);
        if (type == PoolType.SENTINEL && name == null) {
            pool.refuse("sentinel", "the name under which the sentinels know the master, such as \"mymaster\"");
        } else if (type != PoolType.SENTINEL && name != null) {
            pool.refuse("sentinel", "nothing, or \"type\": \"sentinel\" beside it");
        }
        return name;
    }

    /** Everything but the credentials. */
    @Override
    public String toString() {
        return name + " (" + server + ")";
    }
}
