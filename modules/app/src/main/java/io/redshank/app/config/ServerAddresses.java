package io.redshank.app.config;

import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code server} of a pool: {@code embedded}, or addresses with or without a port. */
final class ServerAddresses {
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;
    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]/@]+))(?::(\\d{1,5}))?");

    private ServerAddresses() {}

    static String allowed(PoolType type) {
        return switch (type) {
            case SINGLE -> "\"embedded\", or one host[:port]";
            case SENTINEL -> "the sentinels as host[:port], split by commas";
            case CLUSTER -> "some servers of the cluster as host[:port], split by commas";
        };
    }

    /** Null if the text will not do for this type of pool. */
    static @Nullable PoolServer parse(String text, PoolType type) {
        if (text.equals("embedded")) {
            return type == PoolType.SINGLE ? new PoolServer.Embedded() : null;
        }
        List<RedisAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            RedisAddress address = address(part.strip(), type == PoolType.SENTINEL ? SENTINEL_PORT : REDIS_PORT);
            if (address == null) {
                return null;
            }
            addresses.add(address);
        }
        return type == PoolType.SINGLE && addresses.size() > 1 ? null : new PoolServer.Addresses(addresses);
    }

    private static @Nullable RedisAddress address(String text, int defaultPort) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        int port = matcher.group(3) == null ? defaultPort : Integer.parseInt(matcher.group(3));
        try {
            return new RedisAddress(host, port);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }
}
