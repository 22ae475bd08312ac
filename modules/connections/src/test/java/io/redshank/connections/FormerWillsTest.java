package io.redshank.connections;

import static io.redshank.connections.Backend.NODE;
import static io.redshank.connections.Backend.newEpoch;
import static io.redshank.connections.Backend.now;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.LastWill;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis holds the wills of connected clients, and the next run of a node that was killed has them published. */
class FormerWillsTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final String HELD = "mqtt:wills:" + NODE;
    private static final ClientId CLIENT = new ClientId("c 1");

    private final Message will = new Message(
            MessageClock.system("test").next(),
            CLIENT,
            new TopicName("w"),
            Qos.AT_LEAST_ONCE,
            false,
            Payload.of("bye".getBytes(StandardCharsets.UTF_8)),
            now());

    private final String key = "mqtt:will:" + will.id();

    @BeforeEach
    void clear() {
        REDIS.command("FLUSHALL");
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private void connect(Backend backend, long expiry, long delay) throws Exception {
        backend.done(
                CLIENT_CONNECTED,
                new ClientConnected(CLIENT, "user", NODE, newEpoch(), now(), false, expiry, new LastWill(will, delay)));
    }

    private static void back(Backend backend, long expiry) throws Exception {
        backend.done(
                CLIENT_CONNECTED, new ClientConnected(CLIENT, "user", NODE, newEpoch(), now(), false, expiry, null));
    }

    private long dueInSeconds() {
        Object score = REDIS.command("ZSCORE", "mqtt:will:due", will.id().value());
        return score == null ? Long.MIN_VALUE : Math.round((Double.parseDouble(score.toString()) - now()) / 1000);
    }

    @Test
    void will_isHeldAsLongAsItsClientIsConnected() throws Exception {
        try (Backend backend = Backend.start(REDIS, shipped())) {
            connect(backend, 0, 5);
            assertThat(REDIS.hash(HELD)).isEqualTo(Map.of(will.id().value(), "5 c 1"));
            assertThat(REDIS.hash(key)).containsEntry("payload", "bye").containsEntry("username", "user");
            backend.done(
                    CLIENT_DISCONNECTED,
                    new ClientDisconnected(CLIENT, "user", NODE, newEpoch(), now(), 0, will.id(), null, null));
            assertThat(REDIS.command("EXISTS", HELD, key)).isEqualTo(0L);
        }
    }

    @Test
    void willOfAKilledNode_isDueWhenItIsBack() throws Exception {
        try (Backend killed = Backend.start(REDIS, shipped())) {
            connect(killed, 0, 0);
        }
        try (Backend backend = Backend.start(REDIS, shipped())) {
            Eventually.isEqual(() -> REDIS.command("EXISTS", HELD), 0L);
            assertThat(dueInSeconds()).isBetween(-10L, 0L);
            assertThat((Long) REDIS.command("TTL", key)).isPositive();
        }
    }

    @Test
    void willWithADelay_waitsForTheClientToComeBack() throws Exception {
        try (Backend killed = Backend.start(REDIS, shipped())) {
            connect(killed, 600, 100);
        }
        try (Backend backend = Backend.start(REDIS, shipped())) {
            Eventually.isEqual(() -> REDIS.command("EXISTS", HELD), 0L);
            assertThat(dueInSeconds()).isBetween(95L, 100L);
            back(backend, 600);
            assertThat(REDIS.command("EXISTS", "mqtt:will:due", key)).isEqualTo(0L);
        }
    }

    @Test
    void willWithADelayAndNoSession_isDueAtOnce() throws Exception {
        try (Backend killed = Backend.start(REDIS, shipped())) {
            connect(killed, 0, 100);
        }
        try (Backend backend = Backend.start(REDIS, shipped())) {
            Eventually.isEqual(() -> REDIS.command("EXISTS", HELD), 0L);
            assertThat(dueInSeconds()).isBetween(-10L, 0L);
        }
    }

    @Test
    void damagedEntries_areForgotten() throws Exception {
        REDIS.command("HSET", HELD, "x", "y", will.id().value(), "soon c");
        try (Backend backend = Backend.start(REDIS, shipped())) {
            Eventually.isEqual(() -> REDIS.command("EXISTS", HELD), 0L);
        }
        assertThat(REDIS.command("EXISTS", "mqtt:will:due")).isEqualTo(0L);
    }
}
