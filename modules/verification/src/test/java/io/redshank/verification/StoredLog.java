package io.redshank.verification;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.RedisFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an application reads of stored messages, with nothing but the commands of the layout. */
record StoredLog(RedisFixture redis) {
    /** The ids of a topic's log, in its order. */
    List<String> ids(String topic) {
        List<String> ids = new ArrayList<>();
        for (Object id : (List<?>) requireNonNull(redis.command("ZRANGE", "mqtt:msg:" + topic, "0", "-1"))) {
            ids.add(String.valueOf(id));
        }
        return ids;
    }

    /** The only id of a topic's log. */
    String onlyId(String topic) {
        List<String> ids = ids(topic);
        assertThat(ids).as("log of %s", topic).hasSize(1);
        return ids.get(0);
    }

    /** The fields of one message. */
    Map<String, String> message(String id) {
        return redis.hash("mqtt:msg:" + id);
    }

    /** The payloads of a topic's log, in its order. */
    List<String> payloads(String topic) {
        return ids(topic).stream()
                .map(id -> message(id).getOrDefault("payload", "(none)"))
                .toList();
    }

    /** Up to where this client has acknowledged this topic; the text "null" if that is nowhere. */
    String bookmark(String client, String topic) {
        return String.valueOf(redis.command("GET", "mqtt:acked:" + client + ":" + topic));
    }

    /** How many seconds a key has left. */
    long ttl(String key) {
        return (Long) requireNonNull(redis.command("TTL", key));
    }

    /** Writes a message as an application would. */
    void put(String topic, String id, String payload) {
        redis.command(
                "HSET",
                "mqtt:msg:" + id,
                "id",
                id,
                "from",
                "app",
                "qos",
                "1",
                "topic",
                topic,
                "retain",
                "false",
                "payload",
                payload,
                "ts",
                "1481690659");
        redis.command("ZADD", "mqtt:msg:" + topic, "1", id);
    }
}
