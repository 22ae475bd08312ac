package io.redshank.redis;

/** Where a Redis server or a sentinel listens. */
public record RedisAddress(String host, int port) {
    /** Rejects a host that cannot stand in an address, and a port that is none. */
    public RedisAddress {
        if (host.isEmpty() || host.chars().anyMatch(RedisAddress::isForbidden)) {
            throw new IllegalArgumentException("not a host name or address of a Redis server: '" + host + "'");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port of a Redis server: " + port);
        }
    }

    /** The Redis client reads hosts as parts of a URI, whose host names have no underscore. */
    private static boolean isForbidden(int c) {
        return c <= ' ' || c == '/' || c == '@' || c == '?' || c == '#' || c == '_' || c == '%' || c > 126;
    }

    /** For example {@code redis://127.0.0.1:6379}; credentials never stand here. */
    String uri(boolean encrypted) {
        return (encrypted ? "rediss://" : "redis://") + this;
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    @Override
    public String toString() {
        boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + port;
    }
}
