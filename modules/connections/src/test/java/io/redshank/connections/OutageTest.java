package io.redshank.connections;

import static io.redshank.connections.Backend.connected;
import static io.redshank.connections.Backend.disconnected;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.connections.Backend.subscribed;
import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static io.redshank.events.EventTypes.SESSION_SUBSCRIBED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.model.ClientId;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes away and comes back. */
class OutageTest {
    private final RedisFixture redis = RedisFixture.start(true);
    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        redis.command("CONFIG", "SET", "appendfsync", "always");
        backend = Backend.start(redis, shipped());
    }

    @AfterEach
    void stop() throws Exception {
        backend.close();
        redis.close();
    }

    @Test
    void connectAndSubscribe_areUnavailableAtOnce() {
        redis.kill();
        assertUnavailable(() -> backend.connect("c", true, 0));
        assertUnavailable(() -> backend.done(SESSION_SUBSCRIBED, subscribed("c", "a", 1, true)));
    }

    @Test
    void disconnects_areWrittenWhenRedisIsBack() throws Exception {
        for (int i = 0; i < 300; i++) {
            backend.done(CLIENT_CONNECTED, connected("c" + i, 1, 1_000_000, true, 0));
        }
        redis.kill();
        for (int i = 0; i < 300; i++) {
            backend.done(CLIENT_DISCONNECTED, disconnected("c" + i, 1, 2_000_000, 0));
        }
        redis.restart();
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:node:n1@127.0.0.1"), 0L);
        IntStream.range(0, 300)
                .forEach(i -> assertThat(redis.hash("mqtt:client:c" + i))
                        .containsEntry("state", "0")
                        .containsEntry("online_at", "1000")
                        .containsEntry("offline_at", "2000"));
    }

    @Test
    void disconnectOfASession_makesItDueAfterTheOutage() throws Exception {
        backend.done(CLIENT_CONNECTED, connected("c", 1, Backend.now(), false, 3600));
        backend.subscribe("c", "a", 1);
        redis.kill();
        backend.done(CLIENT_DISCONNECTED, disconnected("c", 1, Backend.now(), 3600));
        redis.restart();
        Eventually.isEqual(() -> redis.command("ZCARD", "mqtt:sessions:due"), 1L);
        assertThat(backend.connect("c", false, 3600).present()).isTrue();
    }

    @Test
    void laterConnect_isNotOvertakenByTheKeptDisconnect() throws Exception {
        backend.done(CLIENT_CONNECTED, connected("c", 1, 1_000_000, true, 0));
        redis.kill();
        backend.done(CLIENT_DISCONNECTED, disconnected("c", 1, 2_000_000, 0));
        backend.done(CLIENT_DISCONNECTED, disconnected("other", 1, 2_000_000, 0));
        redis.restart();
        Eventually.isTrue(() -> backend.request(CLIENT_CONNECTED, connected("c", 2, 3_000_000, true, 0))
                .transform(outcome -> Future.succeededFuture(outcome.succeeded()))
                .await(5, SECONDS));
        Eventually.isEqual(() -> redis.command("HGET", "mqtt:client:other", "state"), "0");
        assertThat(redis.hash("mqtt:client:c"))
                .isEqualTo(Map.of(
                        "state",
                        "1",
                        "online_at",
                        "3000",
                        "offline_at",
                        "undefined",
                        "node",
                        "n1@127.0.0.1",
                        "epoch",
                        "2"));
        assertThat(redis.hash("mqtt:node:n1@127.0.0.1")).isEqualTo(Map.of("c", "3000"));
    }

    @Test
    void refusedConnect_doesNotEndTheSession() throws Exception {
        backend.done(CLIENT_CONNECTED, connected("c", 1, Backend.now(), false, 3600));
        backend.subscribe("c", "a", 1);
        backend.done(CLIENT_DISCONNECTED, disconnected("c", 1, Backend.now(), 3600));
        redis.kill();
        assertUnavailable(() -> backend.done(CLIENT_CONNECTED, connected("c", 2, Backend.now(), true, 0)));
        backend.done(CLIENT_DISCONNECTED, disconnected("c", 2, Backend.now(), 0));
        redis.restart();
        backend.awaitRedis();
        assertThat(backend.done(CLIENT_CONNECTED, connected("c", 3, Backend.now(), false, 3600))
                        .present())
                .isTrue();
    }

    @Test
    void keptDisconnects_areBounded() {
        Vertx vertx = Vertx.vertx();
        KeptDisconnects kept = new KeptDisconnects(vertx, 2);
        for (String client : List.of("a", "b", "c")) {
            kept.add(new Departure(disconnected(client, 1, 1, 0), null));
        }
        kept.add(new Departure(disconnected("b", 2, 2, 0), null));
        assertThat(kept.find(new ClientId("a"))).isNull();
        assertThat(kept.find(new ClientId("b"))).isEqualTo(new Departure(disconnected("b", 1, 1, 0), null));
        assertThat(kept.find(new ClientId("c"))).isNotNull();
        kept.close();
        vertx.close().onFailure(failure -> {});
    }

    private static void assertUnavailable(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EventFailedException.class,
                        failure -> assertThat(failure.failure()).isEqualTo(EventFailure.UNAVAILABLE));
    }
}
