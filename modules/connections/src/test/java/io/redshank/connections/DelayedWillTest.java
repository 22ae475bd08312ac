package io.redshank.connections;

import static io.redshank.connections.Backend.NEVER;
import static io.redshank.connections.Backend.connected;
import static io.redshank.connections.Backend.left;
import static io.redshank.connections.Backend.newEpoch;
import static io.redshank.connections.Backend.now;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.events.EventTypes.CLIENT_CONNECTED;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.LastWill;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Wills that wait in Redis for the return of their clients: when they are due, and who withdraws them. */
class DelayedWillTest {
    private static final String DUE = "mqtt:will:due";
    private static final String WILL = "mqtt:will:w1";
    private static final String SESSION = "mqtt:session:c";

    private final RedisFixture redis = RedisFixture.start(true);
    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        redis.command("CONFIG", "SET", "appendfsync", "always");
        backend = Backend.start(redis, shipped());
        backend.connect("c", false, 60);
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
        redis.close();
    }

    @Test
    void disconnect_writesTheWill() throws Exception {
        long gone = now();
        leave(gone, 60, 30);
        assertThat(redis.hash(WILL))
                .containsAllEntriesOf(Map.of(
                        "id", "w1", "from", "c", "username", "user", "topic", "gone", "payload", "x", "qos", "1"))
                .containsEntry("retain", "true");
        assertDueAt(gone + 30_000);
        assertThat((Long) redis.command("TTL", WILL)).isGreaterThan(7 * 86_400L);
        assertThat(redis.hash(SESSION)).containsEntry("will", "w1");
    }

    @Test
    void will_isDueWhenTheSessionEndsBeforeItsDelay() throws Exception { // [MQTT-3.1.3-9]
        long gone = now();
        leave(gone, 60, NEVER);
        assertDueAt(gone + 60_000);
    }

    @Test
    void willOfASessionThatNeverEnds_isDueAfterItsDelay() throws Exception {
        long gone = now();
        leave(gone, NEVER, 30);
        assertDueAt(gone + 30_000);
        assertThat(redis.command("TTL", SESSION)).isEqualTo(-1L);
    }

    @Test
    void reconnectInTime_withdrawsTheWill() throws Exception {
        leave(now(), 60, 30);
        assertThat(backend.connect("c", false, 60).present()).isTrue();
        assertThat(redis.command("KEYS", "mqtt:will:*")).isEqualTo(List.of());
        assertThat(redis.hash(SESSION)).doesNotContainKeys("will", "will_due");
    }

    @Test
    void cleanStart_makesTheWillDueAtOnce() throws Exception { // [MQTT-3.1.2-4]: the session before ends
        leave(now(), 60, 30);
        long back = now();
        assertThat(backend.done(CLIENT_CONNECTED, connected("c", newEpoch(), back, true, 60))
                        .present())
                .isFalse();
        assertDueAt(back);
        assertThat(redis.hash(WILL)).isNotEmpty();
        assertThat(redis.hash(SESSION)).doesNotContainKey("will");
    }

    @Test
    void willThatIsBeingPublished_isNotMadeDueAgain() throws Exception {
        leave(now(), 60, 30);
        redis.command("ZADD", DUE, "9999999999999", "w1"); // as the lease of who publishes it
        backend.connect("c", true, 60);
        assertDueAt(9_999_999_999_999L);
    }

    @Test
    void willOfTheNewSession_leavesThatOfTheOldOne() throws Exception {
        leave(now(), 60, 30);
        long back = now();
        backend.done(CLIENT_CONNECTED, connected("c", newEpoch(), back, true, 60));
        backend.done(CLIENT_DISCONNECTED, left("c", newEpoch(), back, 60, will("w2", back, 30)));
        assertDueAt(back);
        assertThat(redis.command("ZSCORE", DUE, "w2")).isEqualTo(Long.toString(back + 30_000));
        assertThat(redis.hash(WILL)).isNotEmpty();
        assertThat(redis.hash("mqtt:will:w2")).isNotEmpty();
    }

    @Test
    void reconnectAfterTheSessionsEnd_leavesTheWillDue() throws Exception {
        long gone = now() - 61_000;
        leave(gone, 60, NEVER);
        assertThat(backend.connect("c", false, 60).present()).isFalse();
        assertThat(redis.hash(WILL)).isNotEmpty();
        assertThat(Long.parseLong(String.valueOf(redis.command("ZSCORE", DUE, "w1"))))
                .isLessThanOrEqualTo(now());
    }

    @Test
    void disconnectWhileRedisIsAway_writesTheWillLater() throws Exception {
        long gone = now();
        redis.kill();
        leave(gone, 60, 30);
        redis.restart();
        Eventually.asserted(() -> assertDueAt(gone + 30_000));
        assertThat(redis.hash(WILL)).isNotEmpty();
    }

    private void leave(long millis, long expiry, long delay) throws Exception {
        backend.done(CLIENT_DISCONNECTED, left("c", newEpoch(), millis, expiry, will("w1", millis, delay)));
    }

    private void assertDueAt(long millis) {
        assertThat(redis.command("ZSCORE", DUE, "w1")).isEqualTo(Long.toString(millis));
    }

    private static LastWill will(String id, long millis, long delay) {
        Message message = new Message(
                new MessageId(id),
                new ClientId("c"),
                new TopicName("gone"),
                Qos.AT_LEAST_ONCE,
                true,
                Payload.of("x".getBytes(UTF_8)),
                millis);
        return new LastWill(message, delay);
    }
}
