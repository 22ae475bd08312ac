package io.redshank.connections;

import static io.redshank.connections.Backend.NEVER;
import static io.redshank.connections.Backend.connected;
import static io.redshank.connections.Backend.disconnected;
import static io.redshank.connections.Backend.newEpoch;
import static io.redshank.connections.Backend.now;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.connections.Backend.subscribed;
import static io.redshank.connections.Backend.unsubscribed;
import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static io.redshank.events.EventTypes.SESSION_SUBSCRIBED;
import static io.redshank.events.EventTypes.SESSION_UNSUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.SessionFound;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that persist: what is kept of them, who may change it, and how they end. */
class SessionLifeTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final String SESSION = "mqtt:session:c";

    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        backend = Backend.start(REDIS, shipped());
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void firstConnect_writesTheSession() throws Exception {
        long millis = now();
        SessionFound found = backend.done(CLIENT_CONNECTED, connected("c", newEpoch(), millis, false, 60));
        assertThat(found.present()).isFalse();
        assertThat(REDIS.hash(SESSION))
                .isEqualTo(Map.of(
                        "created_at",
                        Long.toString(millis / 1000),
                        "expiry",
                        "60",
                        "node",
                        "n1@127.0.0.1",
                        "connected",
                        Long.toString(millis)));
        assertThat(REDIS.command("TTL", SESSION)).isEqualTo(-1L);
    }

    @Test
    void sessionOfAConnectionThatDoesNotPersist_leavesNothing() throws Exception {
        backend.connect("c", true, 0);
        backend.done(SESSION_SUBSCRIBED, subscribed("c", "a", 1, false));
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("c", "a"));
        backend.disconnect("c", 0);
        assertThat(REDIS.command("KEYS", "*")).isEqualTo(List.of("mqtt:client:c"));
    }

    @Test
    void reconnect_findsSessionAndSubscriptions() throws Exception {
        backend.connect("c", false, 60);
        backend.subscribe("c", "a/b", 1);
        backend.subscribe("c", "w/#", 2);
        assertThat(REDIS.hash("mqtt:sub:c")).isEqualTo(Map.of("a/b", "1", "w/#", "2"));
        long gone = now();
        backend.done(CLIENT_DISCONNECTED, disconnected("c", newEpoch(), gone, 60));
        assertThat(REDIS.command("ZSCORE", "mqtt:sessions:due", "c")).isEqualTo(Long.toString(gone + 60_000));
        assertThat((Long) REDIS.command("TTL", SESSION)).isBetween(86_400L, 86_460L);
        assertThat(REDIS.hash(SESSION)).containsEntry("connected", "0");

        SessionFound found = backend.connect("c", false, 60);
        assertThat(found.present()).isTrue();
        assertThat(found.subscriptions()).containsExactlyInAnyOrder(subscription("a/b", 1), subscription("w/#", 2));
        assertThat(REDIS.command("EXISTS", "mqtt:sessions:due")).isEqualTo(0L);
        assertThat(REDIS.command("TTL", SESSION)).isEqualTo(-1L);
        assertThat(REDIS.hash(SESSION)).containsEntry("sub:a/b", "1");
        assertThat(REDIS.hash(SESSION).get("connected")).matches("\\d{13}");
    }

    @Test
    void applicationsWord_winsOverTheSessionsRecord() throws Exception {
        backend.connect("c", false, 60);
        backend.subscribe("c", "changed", 1);
        backend.subscribe("c", "removed", 1);
        backend.disconnect("c", 60);
        REDIS.command("HSET", "mqtt:sub:c", "changed", "2", "added", "0");
        REDIS.command("HDEL", "mqtt:sub:c", "removed");
        assertThat(backend.connect("c", false, 60).subscriptions())
                .containsExactlyInAnyOrder(subscription("changed", 2), subscription("added", 0));
        assertThat(REDIS.hash(SESSION)).containsKey("sub:changed").doesNotContainKey("sub:removed");
    }

    @Test
    void cleanStart_removesExactlyWhatTheSessionMade() throws Exception {
        prepareSessionAndApplication();
        backend.disconnect("c", 60);
        SessionFound found = backend.connect("c", true, 0);
        assertThat(found.present()).isFalse();
        assertThat(found.subscriptions()).containsExactly(subscription("app", 1));
        assertOnlyApplicationsKeysLeft();
        assertThat(REDIS.command("EXISTS", "mqtt:sessions:due")).isEqualTo(0L);
    }

    @Test
    void expiryZeroAtDisconnect_endsTheSession() throws Exception {
        prepareSessionAndApplication();
        backend.disconnect("c", 0);
        assertOnlyApplicationsKeysLeft();
    }

    @Test
    void sessionPastDue_isNotPresent() throws Exception {
        prepareSessionAndApplication();
        backend.disconnect("c", 60);
        SessionFound found = backend.done(CLIENT_CONNECTED, connected("c", newEpoch(), now() + 61_000, false, 60));
        assertThat(found.present()).isFalse();
        assertThat(found.subscriptions()).containsExactly(subscription("app", 1));
        assertThat(REDIS.hash(SESSION)).doesNotContainKey("sub:a/b");
        assertThat(REDIS.hash(SESSION).get("connected")).matches("\\d{13}");
    }

    @Test
    void sessionThatNeverExpires_isNotDue() throws Exception {
        backend.connect("c", false, NEVER);
        backend.disconnect("c", NEVER);
        assertThat(REDIS.command("EXISTS", "mqtt:sessions:due")).isEqualTo(0L);
        assertThat(REDIS.command("TTL", SESSION)).isEqualTo(-1L);
        assertThat(backend.connect("c", false, NEVER).present()).isTrue();
    }

    @Test
    void sweep_endsWhatIsPastDue() throws Exception {
        prepareSessionAndApplication();
        backend.done(CLIENT_DISCONNECTED, disconnected("c", newEpoch(), now() - 100_000, 60));
        backend.close();
        backend = Backend.start(REDIS, TimestampUnit.SECONDS, Duration.ofMillis(50), shipped());
        Eventually.isEqual(() -> REDIS.command("EXISTS", "mqtt:sessions:due"), 0L);
        assertOnlyApplicationsKeysLeft();
    }

    @Test
    void sweep_leavesConnectedAndLaterSessions() throws Exception {
        backend.close();
        backend = Backend.start(REDIS, TimestampUnit.SECONDS, Duration.ofMillis(50), shipped());
        backend.connect("c", false, 60);
        backend.subscribe("c", "a/b", 1);
        backend.connect("d", false, 60);
        backend.disconnect("d", 60);
        REDIS.command("ZADD", "mqtt:sessions:due", "1000", "c"); // an entry that should not be there
        Eventually.isEqual(() -> REDIS.command("ZRANGE", "mqtt:sessions:due", "0", "-1"), List.of("d"));
        assertThat(REDIS.hash(SESSION)).containsKey("sub:a/b");
        assertThat(REDIS.hash("mqtt:sub:c")).containsKey("a/b");
        assertThat(REDIS.hash("mqtt:session:d")).containsEntry("connected", "0");
    }

    @Test
    void sweep_takesAnyNumber() throws Exception {
        for (int i = 0; i < 250; i++) {
            REDIS.command(
                    "HSET", "mqtt:session:s" + i, "created_at", "1", "connected", "0", "due", "1000", "sub:t", "1");
            REDIS.command("HSET", "mqtt:sub:s" + i, "t", "1");
            REDIS.command("ZADD", "mqtt:sessions:due", "1000", "s" + i);
        }
        backend.close();
        backend = Backend.start(REDIS, TimestampUnit.SECONDS, Duration.ofHours(1), shipped());
        Eventually.isEqual(() -> REDIS.command("DBSIZE"), 0L);
    }

    @Test
    void unsubscribe_leavesWhatOnlyAnApplicationWrote() throws Exception {
        prepareSessionAndApplication();
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("c", "a/b"));
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("c", "app"));
        assertThat(REDIS.hash("mqtt:sub:c")).containsOnlyKeys("w/#", "app");
        assertThat(REDIS.hash(SESSION)).doesNotContainKey("sub:a/b").containsKey("sub:w/#");
    }

    @Test
    void damagedSubscriptions_areReplacedByTheSessionsRecord() throws Exception {
        backend.connect("c", false, 60);
        backend.subscribe("c", "a/b", 1);
        backend.disconnect("c", 60);
        REDIS.command("SET", "mqtt:sub:c", "damaged");
        assertThat(backend.connect("c", false, 60)).isEqualTo(new SessionFound(true, List.of(subscription("a/b", 1))));
        assertThatThrownBy(() -> backend.subscribe("c", "b", 1))
                .isInstanceOfSatisfying(
                        EventFailedException.class,
                        failure -> assertThat(failure.failure()).isEqualTo(EventFailure.REFUSED));
    }

    @Test
    void damagedSession_isReplacedByANewOne() throws Exception {
        REDIS.command("SET", SESSION, "damaged");
        assertThat(backend.connect("c", false, 60).present()).isFalse();
        backend.subscribe("c", "a", 1);
        backend.disconnect("c", 60);
        assertThat(backend.connect("c", false, 60)).isEqualTo(new SessionFound(true, List.of(subscription("a", 1))));
    }

    @Test
    void sessionLostByRedis_isNotPromisedAgain() throws Exception {
        backend.connect("c", false, 60);
        backend.subscribe("c", "lost", 1);
        REDIS.command("FLUSHALL");
        backend.subscribe("c", "late", 1);
        backend.disconnect("c", 60);
        assertThat(backend.connect("c", false, 60)).isEqualTo(new SessionFound(false, List.of()));
    }

    private void prepareSessionAndApplication() throws Exception {
        backend.connect("c", false, 60);
        backend.subscribe("c", "a/b", 1);
        backend.subscribe("c", "w/#", 2);
        REDIS.command("HSET", "mqtt:sub:c", "app", "1");
        REDIS.command("SET", "mqtt:acked:c:a/b", "1");
        REDIS.command("SET", "mqtt:acked:c:app", "1");
    }

    private static void assertOnlyApplicationsKeysLeft() {
        assertThat(REDIS.hash("mqtt:sub:c")).isEqualTo(Map.of("app", "1"));
        assertThat(REDIS.command("EXISTS", SESSION)).isEqualTo(0L);
        assertThat(REDIS.command("EXISTS", "mqtt:acked:c:a/b")).isEqualTo(0L);
        assertThat(REDIS.command("GET", "mqtt:acked:c:app")).isEqualTo("1");
    }

    private static Subscription subscription(String filter, int qos) {
        return new Subscription(new TopicFilter(filter), Qos.of(qos));
    }
}
