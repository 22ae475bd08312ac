package io.redshank.redis;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is needed to reach one pool of Redis.
 *
 * @param name under which hooks refer to it
 * @param servers of a sentinel pool, the sentinels
 * @param masterName of a sentinel pool, the name under which the sentinels know the master
 * @param poolSize how many links a node may open to it
 * @param username of an ACL user; without it the password is that of the default user
 * @param channel where subscribe and unsubscribe commands of applications arrive
 * @param tls how connections are encrypted; null for not at all
 * @param queryTimeout after which a server that has not replied is given up and connected to again
 */
public record PoolConfig(
        String name,
        PoolType type,
        List<RedisAddress> servers,
        @Nullable String masterName,
        int poolSize,
        int database,
        @Nullable String username,
        @Nullable String password,
        String channel,
        @Nullable RedisTls tls,
        Duration queryTimeout) {
    /** A pool without TLS. */
    public PoolConfig(
            String name,
            PoolType type,
            List<RedisAddress> servers,
            @Nullable String masterName,
            int poolSize,
            int database,
            @Nullable String username,
            @Nullable String password,
            String channel,
            Duration queryTimeout) {
        this(name, type, servers, masterName, poolSize, database, username, password, channel, null, queryTimeout);
    }

    /** Rejects what cannot work whatever the servers are. */
    public PoolConfig {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("pool " + name + " has no server");
        }
        if (type == PoolType.SENTINEL && (masterName == null || masterName.isEmpty())) {
            throw new IllegalArgumentException("pool " + name + " has sentinels, but no name of a master");
        }
        if (type == PoolType.CLUSTER && database != 0) {
            throw new IllegalArgumentException("pool " + name + " is a Redis Cluster, which has database 0 only");
        }
        if (poolSize < 1 || database < 0 || queryTimeout.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "pool " + name + ": pool_size and query_timeout must be above 0, database not below 0");
        }
    }

    /** The same, encrypted. */
    public PoolConfig with(@Nullable RedisTls encryption) {
        return new PoolConfig(
                name,
                type,
                servers,
                masterName,
                poolSize,
                database,
                username,
                password,
                channel,
                encryption,
                queryTimeout);
    }

    /** What is reached as this pool is, but is a single server, or one of these. */
    PoolConfig single(List<RedisAddress> addresses) {
        return of(PoolType.SINGLE, addresses);
    }

    /** The same pool, which asks these servers before those that are configured. */
    PoolConfig withServersFirst(List<RedisAddress> addresses) {
        Set<RedisAddress> all = new LinkedHashSet<>(addresses);
        all.addAll(servers);
        return of(type, List.copyOf(all));
    }

    private PoolConfig of(PoolType otherType, List<RedisAddress> addresses) {
        return new PoolConfig(
                name,
                otherType,
                addresses,
                masterName,
                poolSize,
                database,
                username,
                password,
                channel,
                tls,
                queryTimeout);
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "PoolConfig[name=" + name + ", type=" + type + ", servers=" + servers + ", masterName=" + masterName
                + ", poolSize=" + poolSize + ", database=" + database + ", username=" + username + ", channel="
                + channel + ", tls=" + tls + ", queryTimeout=" + queryTimeout + "]";
    }
}
