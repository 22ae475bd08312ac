package io.redshank.messages;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Count;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.Retention;
import io.redshank.model.MessageId;
import io.redshank.testkit.Eventually;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs that may hold so much: the oldest messages go. */
class RetentionTest {
    private final MessagesFixture fixture = new MessagesFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.storing("pubsub/number/#", new Retention(10, 0));
        fixture.storing("pubsub/bytes/#", new Retention(0, 8000));
        fixture.storing("pubsub/both/#", new Retention(5, 8000));
        fixture.storing("#", Retention.UNLIMITED);
        fixture.hook(Hook.SESSION_SUBSCRIBED, "pubsub/#", BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB, 3600);
        fixture.start();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void messages_areNeverMoreThanMayBe_andTheirBodiesGoWithThem() throws Exception {
        for (int i = 0; i < 25; i++) {
            publish("pubsub/number/1", 1, "m");
            assertThat(size("pubsub/number/1")).isEqualTo(Math.min(10, i + 1));
        }

        Eventually.asserted(() -> assertThat(bodies()).isEqualTo(10));
        assertCounted(15);
    }

    @Test
    void messagesOfOnePipeline_areTrimmedTogether() throws Exception {
        List<MessageId> ids = publish("pubsub/number/1", 400, "m");

        assertThat(ids("pubsub/number/1"))
                .isEqualTo(ids.subList(390, 400).stream().map(MessageId::value).toList());
        Eventually.asserted(() -> assertThat(bodies()).isEqualTo(10));
    }

    @Test
    void logThatIsFarTooLong_isShortenedInSteps() throws Exception {
        for (int i = 0; i < 1500; i++) {
            fixture.redis.command("ZADD", "mqtt:msg:pubsub/number/1", "1", "0%019d".formatted(i));
        }

        publish("pubsub/number/1", 1, "m");
        assertThat(size("pubsub/number/1")).isEqualTo(501);
        publish("pubsub/number/1", 1, "m");
        assertThat(size("pubsub/number/1")).isEqualTo(10);
    }

    @Test
    void slowClient_goesOnWithTheOldestThatIsLeft_andIsCounted() throws Exception {
        List<MessageId> ids = publish("pubsub/number/1", 3, "old");
        fixture.redis.command("SET", "mqtt:acked:c:pubsub/number/1", ids.get(1).value());
        publish("pubsub/number/1", 12, "m");

        assertThat(fixture.drain("c", "pubsub/number/1")).hasSize(10).containsOnly("m");

        assertThat(fixture.counts().values()).containsEntry(Count.BOOKMARKS_MISSING, 1L);
    }

    @Test
    void bytes_areNotMoreThanMayBe() throws Exception {
        List<MessageId> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.addAll(publish("pubsub/bytes/1", 3, "x".repeat(100)));
        }

        Eventually.asserted(() -> assertThat(size("pubsub/bytes/1")).isBetween(70, 80));
        int left = size("pubsub/bytes/1");
        assertThat(ids("pubsub/bytes/1"))
                .as("the newest")
                .isEqualTo(all.subList(120 - left, 120).stream()
                        .map(MessageId::value)
                        .toList());
        Eventually.asserted(() -> assertThat(bodies()).isEqualTo(left));
        assertCounted(120 - left);
    }

    @Test
    void bytesThatExpired_orWereConsumed_areNotCounted() throws Exception {
        List<MessageId> ids = publish("pubsub/bytes/1", 70, "x".repeat(100));
        ids.subList(1, 69).forEach(id -> {
            fixture.redis.command("DEL", "mqtt:msg:" + id);
            fixture.redis.command("ZREM", "mqtt:msg:pubsub/bytes/1", id.value());
        });
        publish("pubsub/bytes/1", 60, "x".repeat(100));

        assertThat(ids("pubsub/bytes/1")).hasSize(62).contains(ids.get(0).value());
        assertCounted(0);
    }

    @Test
    void newestMessage_staysHoweverLargeItIs() throws Exception {
        publish("pubsub/bytes/1", 2, "small");
        List<MessageId> large = publish("pubsub/bytes/1", 1, "x".repeat(20_000));

        Eventually.asserted(() ->
                assertThat(ids("pubsub/bytes/1")).containsExactly(large.get(0).value()));
    }

    @Test
    void longLog_isMeasuredInSteps() throws Exception {
        for (int i = 0; i < 1300; i++) {
            String id = "0%019d".formatted(i);
            fixture.redis.command("HSET", "mqtt:msg:" + id, "payload", "12345");
            fixture.redis.command("ZADD", "mqtt:msg:pubsub/bytes/1", "1", id);
        }

        publish("pubsub/bytes/1", 1, "x".repeat(3000));

        Eventually.asserted(() -> assertThat(size("pubsub/bytes/1")).isEqualTo(801)); // 7000 bytes
        Eventually.asserted(() -> assertThat(bodies()).isEqualTo(801));
    }

    @Test
    void bothLimits_holdTogether() throws Exception {
        publish("pubsub/both/1", 20, "x".repeat(1000));
        assertThat(size("pubsub/both/1")).isEqualTo(5);
        publish("pubsub/both/2", 1, "x".repeat(7000));
        publish("pubsub/both/2", 1, "x".repeat(6000));
        Eventually.asserted(() -> assertThat(size("pubsub/both/2")).isEqualTo(1));
    }

    @Test
    void withoutLimits_noCommandIsSpentOnThem() throws Exception {
        publish("pubsub/plain", 1, "m");
        fixture.redis.command("CONFIG", "RESETSTAT");

        publish("pubsub/plain", 1, "m");

        assertThat(fixture.redis.commandCalls())
                .isEqualTo(Map.of("evalsha", 1L, "expire", 1L, "hset", 1L, "zadd", 2L, "zrange", 1L));
    }

    private int size(String topic) {
        return ids(topic).size();
    }

    private List<String> ids(String topic) {
        List<String> ids = new ArrayList<>();
        Object reply = fixture.redis.command("ZRANGE", "mqtt:msg:" + topic, "0", "-1");
        ((List<?>) requireNonNull(reply)).forEach(id -> ids.add(String.valueOf(id)));
        return ids;
    }

    private int bodies() {
        Object reply = fixture.redis.command("KEYS", "mqtt:msg:0*");
        return ((List<?>) requireNonNull(reply)).size();
    }

    private void assertCounted(long trimmed) throws Exception {
        assertThat(fixture.counts().values()).containsEntry(Count.TRIMMED, trimmed);
    }

    @CanIgnoreReturnValue
    private List<MessageId> publish(String topic, int count, String payload) throws Exception {
        List<Future<MessageId>> published = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            published.add(fixture.publish(fixture.message(topic, payload)));
        }
        Future.all(published).await(5, SECONDS);
        return published.stream().map(Future::result).toList();
    }
}
