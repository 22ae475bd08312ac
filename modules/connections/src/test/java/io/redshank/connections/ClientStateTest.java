package io.redshank.connections;

import static io.redshank.connections.Backend.commands;
import static io.redshank.connections.Backend.connected;
import static io.redshank.connections.Backend.disconnected;
import static io.redshank.connections.Backend.function;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.events.Concern.CONNECTIONS;
import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.SessionFound;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What client.connected, session.created and client.disconnected leave in Redis. */
class ClientStateTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final long ONLINE = 1_481_685_802_123L;
    private static final long OFFLINE = 1_481_685_924_999L;

    @BeforeEach
    void clear() {
        REDIS.command("FLUSHALL");
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void connect_writesStateAndNode() throws Exception {
        try (Backend backend = Backend.start(REDIS, shipped())) {
            SessionFound found = backend.done(CLIENT_CONNECTED, connected("test", 1, ONLINE, true, 0));
            assertThat(found).isEqualTo(new SessionFound(false, List.of()));
        }
        assertThat(REDIS.hash("mqtt:client:test"))
                .isEqualTo(Map.of(
                        "state", "1",
                        "online_at", "1481685802",
                        "offline_at", "undefined",
                        "node", "n1@127.0.0.1",
                        "epoch", "1"));
        assertThat(REDIS.hash("mqtt:node:n1@127.0.0.1")).isEqualTo(Map.of("test", "1481685802"));
        assertThat(REDIS.command("KEYS", "*")).asList().hasSize(2);
    }

    @Test
    void disconnect_marksTheClientOffline() throws Exception {
        try (Backend backend = Backend.start(REDIS, shipped())) {
            backend.done(CLIENT_CONNECTED, connected("test", 1, ONLINE, true, 0));
            backend.done(CLIENT_DISCONNECTED, disconnected("test", 1, OFFLINE, 0));
        }
        assertThat(REDIS.hash("mqtt:client:test"))
                .isEqualTo(Map.of(
                        "state", "0",
                        "online_at", "1481685802",
                        "offline_at", "1481685924",
                        "node", "n1@127.0.0.1",
                        "epoch", "1"));
        assertThat(REDIS.command("EXISTS", "mqtt:node:n1@127.0.0.1")).isEqualTo(0L);
    }

    @Test
    void milliseconds_areWrittenIfAskedFor() throws Exception {
        try (Backend backend = Backend.start(REDIS, TimestampUnit.MILLISECONDS, Duration.ofHours(1), shipped())) {
            backend.done(CLIENT_CONNECTED, connected("test", 1, ONLINE, true, 0));
        }
        assertThat(REDIS.hash("mqtt:client:test")).containsEntry("online_at", Long.toString(ONLINE));
    }

    @Test
    void takeover_leavesTheNewConnectionOnline() throws Exception {
        try (Backend backend = Backend.start(REDIS, shipped())) {
            backend.done(CLIENT_CONNECTED, connected("test", 1, ONLINE, true, 0));
            backend.turn(out -> Future.all(
                            out.request(CLIENT_DISCONNECTED, CONNECTIONS, disconnected("test", 1, OFFLINE, 0)),
                            out.request(CLIENT_CONNECTED, CONNECTIONS, connected("test", 2, OFFLINE, true, 0))))
                    .await(5, SECONDS);
        }
        assertThat(REDIS.hash("mqtt:client:test"))
                .containsEntry("state", "1")
                .containsEntry("online_at", "1481685924")
                .containsEntry("offline_at", "undefined");
        assertThat(REDIS.hash("mqtt:node:n1@127.0.0.1")).isEqualTo(Map.of("test", "1481685924"));
    }

    @Test
    void lateEventsOfAnOlderConnection_changeNothing() throws Exception {
        try (Backend backend = Backend.start(REDIS, shipped())) {
            backend.done(CLIENT_CONNECTED, connected("test", 7, ONLINE, true, 0));
            backend.done(CLIENT_DISCONNECTED, disconnected("test", 6, OFFLINE, 0));
            assertThatThrownBy(() -> backend.done(CLIENT_CONNECTED, connected("test", 5, OFFLINE, true, 0)))
                    .isInstanceOf(EventFailedException.class);
        }
        assertThat(REDIS.hash("mqtt:client:test")).containsEntry("state", "1").containsEntry("online_at", "1481685802");
    }

    @Test
    void wrongType_hitsThatClientOnly() throws Exception {
        REDIS.command("SET", "mqtt:client:x", "damaged");
        try (Backend backend = Backend.start(REDIS, shipped())) {
            backend.turn(out -> Future.all(
                            out.request(CLIENT_CONNECTED, CONNECTIONS, connected("x", 1, ONLINE, true, 0)),
                            out.request(CLIENT_CONNECTED, CONNECTIONS, connected("y", 1, ONLINE, true, 0)),
                            out.request(CLIENT_CONNECTED, CONNECTIONS, connected("z", 1, ONLINE, true, 0))))
                    .await(5, SECONDS);
        }
        assertThat(REDIS.command("GET", "mqtt:client:x")).isEqualTo("damaged");
        assertThat(REDIS.hash("mqtt:client:y")).containsEntry("state", "1");
        assertThat(REDIS.hash("mqtt:client:z")).containsEntry("state", "1");
        assertThat(REDIS.hash("mqtt:node:n1@127.0.0.1")).containsOnlyKeys("x", "y", "z");
    }

    @Test
    void entries_runInOrder() throws Exception {
        try (Backend backend = Backend.start(
                REDIS,
                commands(
                        Hook.CLIENT_CONNECTED,
                        null,
                        "SADD conn:${clientid} clientid",
                        "INCR conn:${clientid}",
                        "HSET mqtt:sub:${clientid} inbox/${clientid} 1"),
                function(Hook.CLIENT_CONNECTED, BackendFunction.ON_SUBSCRIBE_LOOKUP))) {
            assertThat(backend.connect("c", true, 0).subscriptions())
                    .containsExactly(new Subscription(new TopicFilter("inbox/c"), Qos.AT_LEAST_ONCE));
        }
        assertThat(REDIS.command("SMEMBERS", "conn:c")).isEqualTo(List.of("c"));
    }

    @Test
    void commandsOfDisconnect_run() throws Exception {
        try (Backend backend =
                Backend.start(REDIS, commands(Hook.CLIENT_DISCONNECTED, null, "RPUSH gone ${clientid} ${ts}"))) {
            backend.done(CLIENT_DISCONNECTED, disconnected("c", 1, OFFLINE, 0));
        }
        assertThat(REDIS.command("LRANGE", "gone", "0", "-1")).isEqualTo(List.of("c", "1481685924"));
    }

    @Test
    void sessionCreated_runsForNewSessionsOnly() throws Exception {
        try (Backend backend = Backend.start(REDIS, commands(Hook.SESSION_CREATED, null, "INCR created"))) {
            backend.connect("c", false, 60);
            backend.disconnect("c", 60);
            assertThat(backend.connect("c", false, 60).present()).isTrue();
        }
        assertThat(REDIS.command("GET", "created")).isEqualTo("1");
    }

    @Test
    void lookup_skipsWhatIsDamagedAndClampsQos() throws Exception {
        REDIS.command("HSET", "mqtt:sub:c", "a", "7", "b", "-1", "c", "two", "d/#/e", "1", "e/+", "1");
        try (Backend backend = Backend.start(REDIS, shipped())) {
            assertThat(backend.connect("c", true, 0).subscriptions())
                    .containsExactlyInAnyOrder(
                            new Subscription(new TopicFilter("a"), Qos.EXACTLY_ONCE),
                            new Subscription(new TopicFilter("b"), Qos.AT_MOST_ONCE),
                            new Subscription(new TopicFilter("e/+"), Qos.AT_LEAST_ONCE));
        }
    }

    @Test
    void lookup_ofAnotherTypeOfKey_findsNothing() throws Exception {
        REDIS.command("SET", "mqtt:sub:c", "damaged");
        try (Backend backend = Backend.start(REDIS, shipped())) {
            assertThat(backend.connect("c", true, 0).subscriptions()).isEmpty();
        }
        assertThat(REDIS.hash("mqtt:client:c")).containsEntry("state", "1");
    }
}
