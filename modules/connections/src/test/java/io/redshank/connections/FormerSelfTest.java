package io.redshank.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does about a run of itself that did not stop in order. */
class FormerSelfTest {
    private static final String NODE_KEY = "mqtt:node:" + Backend.NODE;
    private static RedisFixture redis;

    @BeforeAll
    static void startRedis() {
        redis = RedisFixture.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void clear() {
        redis.command("FLUSHALL");
    }

    @Test
    void clientLeftOnline_isOfflineAndItsSessionDue() throws Exception {
        online("c1", "1700000000");
        redis.command("HSET", "mqtt:session:c1", "created_at", "1700000000", "expiry", "3600");
        redis.command("HSET", "mqtt:session:c1", "connected", "1700000000123", "node", Backend.NODE.value());

        try (Backend backend = Backend.start(redis, Backend.shipped())) {
            Eventually.isEqual(() -> redis.hash("mqtt:client:c1").get("state"), "0");
            Eventually.isEqual(() -> redis.command("EXISTS", NODE_KEY), 0L);
            Eventually.isEqual(() -> redis.command("ZCARD", "mqtt:sessions:due"), 1L);
        }
        assertThat(redis.hash("mqtt:session:c1"))
                .containsEntry("connected", "0")
                .containsKey("due");
        assertThat(redis.hash("mqtt:client:c1").get("offline_at")).matches("\\d{10}");
    }

    @Test
    void clientLeftOnlineInTheSecondOfTheStart_isOfflineAndOneOfNowIsNot() throws Exception {
        String now = Long.toString(System.currentTimeMillis() / 1000);
        online("c1", now);

        try (Backend backend = Backend.start(redis, Backend.shipped())) {
            backend.connect("c2", true, 0);
            Eventually.isEqual(() -> redis.hash("mqtt:client:c1").get("state"), "0");
            assertThat(redis.hash("mqtt:client:c2")).containsEntry("state", "1");
        }
    }

    @Test
    void manyClientsLeftOnline_areAllOffline() throws Exception {
        for (int i = 0; i < 350; i++) {
            online("c" + i, "1700000000");
        }
        try (Backend backend = Backend.start(redis, Backend.shipped())) {
            Eventually.isEqual(() -> redis.command("EXISTS", NODE_KEY), 0L);
        }
        for (int i = 0; i < 350; i++) {
            assertThat(redis.hash("mqtt:client:c" + i)).containsEntry("state", "0");
        }
    }

    @Test
    void clientThatIsOnlineElsewhereByNow_isLeftAlone() throws Exception {
        online("c1", "1700000000");
        redis.command("HSET", "mqtt:client:c1", "online_at", "1700000099", "node", "other@127.0.0.1");

        try (Backend backend = Backend.start(redis, Backend.shipped())) {
            Eventually.isEqual(() -> redis.command("EXISTS", NODE_KEY), 0L);
        }
        assertThat(redis.hash("mqtt:client:c1")).containsEntry("state", "1");
    }

    private static void online(String client, String since) {
        redis.command("HSET", "mqtt:client:" + client, "state", "1", "online_at", since, "offline_at", "undefined");
        redis.command("HSET", "mqtt:client:" + client, "node", Backend.NODE.value());
        redis.command("HSET", NODE_KEY, client, since);
    }
}
