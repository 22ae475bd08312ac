package io.redshank.app.config;

import io.redshank.redis.RedisAddress;
import java.util.List;

/** Where a pool's Redis is found. */
public sealed interface PoolServer {
    /** A Redis that this node starts, whose address is known once it runs. */
    record Embedded() implements PoolServer {
        @Override
        public String toString() {
            return "embedded";
        }
    }

    /** A Redis that somebody else runs: one server, or the sentinels that know it. */
    record Addresses(List<RedisAddress> addresses) implements PoolServer {
        public Addresses {
            addresses = List.copyOf(addresses);
        }

        @Override
        public String toString() {
            return String.join(
                    ",", addresses.stream().map(a -> a.host() + ":" + a.port()).toList());
        }
    }
}
