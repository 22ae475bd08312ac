package io.redshank.redis;

import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection and the client it came from, which nobody else uses. The client is what gets closed: closing a connection alone
 * would put it back into the client's pool, with the replies that are still to come.
 */
record Dialed(Redis client, RedisConnection connection, RedisAddress address) {
    private static final Logger log = LoggerFactory.getLogger(Dialed.class);

    void close() {
        close(client);
    }

    static void close(Redis client) {
        client.close().onFailure(failure -> log.debug("Redis client not closed in order", failure));
    }
}
