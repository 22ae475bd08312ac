package io.redshank.delayed;

import static io.redshank.testkit.Eventually.asserted;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessageDue;
import io.redshank.model.Message;
import io.redshank.model.MessageProperties;
import io.redshank.model.Qos;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that wait in Redis until they are due, and are published once. */
class DelayedVerticleTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final String DUE = "mqtt:delayed:due";
    private static final long LATER = 3_600_000;

    private DelayedFixture node;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        node = new DelayedFixture(REDIS, "n1@test");
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @AfterAll
    static void stopRedis() {
        REDIS.close();
    }

    @Test
    void delayedMessage_isInRedisOnceItIsAnswered() throws Exception {
        Message message = node.start().delay("a/b", LATER);
        String key = "mqtt:delayed:" + message.id();
        assertThat(REDIS.hash(key))
                .containsEntry("topic", "a/b")
                .containsEntry("from", "p")
                .containsEntry("username", "u")
                .containsEntry("qos", "1")
                .containsEntry("retain", "false")
                .containsEntry("payload", "payload");
        assertThat(REDIS.command("ZSCORE", DUE, message.id().value()))
                .isEqualTo(Long.toString(message.millis() + LATER));
        assertThat((Long) REDIS.command("TTL", key)).isBetween(3600L + 7 * 86_400 - 10, 3600L + 7 * 86_400);
    }

    @Test
    void delayedMessage_isPublishedWhenItIsDueAndThenDeleted() throws Exception {
        Message message = node.start().delay("a/b", 1000);
        MessageDue due = node.nextDue();
        assertThat(System.currentTimeMillis()).isBetween(message.millis() + 1000, message.millis() + 2000);
        assertThat(due).isEqualTo(new MessageDue(message, "u"));
        assertNothingIsLeft();
        assertThat(node.due).isEmpty();
    }

    @Test
    void laterMessage_doesNotHoldUpAnEarlierOne() throws Exception {
        node.start().delay("later", LATER);
        Message message = node.delay("earlier", 300);
        assertThat(node.nextDue().message().topic().value()).isEqualTo("earlier");
        assertThat(System.currentTimeMillis()).isBetween(message.millis() + 300, message.millis() + 900);
        asserted(() -> assertThat(REDIS.command("ZCARD", DUE)).isEqualTo(1L));
    }

    @Test
    void dueMessages_arePublishedInOrder() throws Exception {
        List<String> topics = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            node.delay(node.message("t" + i, Qos.AT_MOST_ONCE), 0);
            topics.add("t" + i);
        }
        node.start();
        List<String> published = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            published.add(node.nextDue().message().topic().value());
        }
        assertThat(published).isEqualTo(topics);
        assertNothingIsLeft();
    }

    @Test
    void messageThatIsBeingPublished_staysUntilThatIsAnswered() throws Exception {
        Promise<Answer> stored = Promise.promise();
        node.broker(event -> stored.future());
        Message message = node.start().delay("a", 0);
        node.nextDue();
        assertThat(REDIS.hash("mqtt:delayed:" + message.id())).isNotEmpty();
        assertThat(REDIS.command("ZCARD", DUE)).isEqualTo(1L);
        stored.complete(Answer.DONE);
        assertNothingIsLeft();
        assertThat(node.due).isEmpty();
    }

    @Test
    void messageThatCannotBePublishedNow_isPublishedSoon() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        node.broker(event -> attempts.incrementAndGet() == 1
                ? Future.failedFuture(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"))
                : Future.succeededFuture(Answer.DONE));
        node.start().delay("a", 0);
        assertThat(node.nextDue()).isEqualTo(node.nextDue());
        assertNothingIsLeft();
    }

    @Test
    void messageThatCannotBePublishedAtAll_isDeleted() throws Exception {
        node.broker(event -> Future.failedFuture(new EventFailedException(EventFailure.REFUSED, "no")));
        node.start().delay("a", 0);
        node.nextDue();
        assertNothingIsLeft();
        assertThat(node.due).isEmpty();
    }

    @Test
    void messageThatExpiresWhileItWaits_isNotPublished() throws Exception {
        MessageProperties oneSecond = new MessageProperties(null, 1L, null, null, null, List.of());
        node.start();
        node.delay(node.message("expires", Qos.AT_LEAST_ONCE, oneSecond), 1000).await(5, SECONDS);
        node.delay("stays", 1000);
        assertThat(node.nextDue().message().topic().value()).isEqualTo("stays");
        assertNothingIsLeft();
        assertThat(node.due).isEmpty();
    }

    @Test
    void moreThanTheLimit_areRefusedUntilThereIsRoom() throws Exception {
        node.start(2, false);
        node.delay("a", LATER);
        Message second = node.delay("b", 1000);
        Message third = node.message("c", Qos.AT_LEAST_ONCE);
        assertThat(failureOf(node.delay(third, LATER))).isEqualTo(EventFailure.FULL);
        asserted(() -> assertThat(REDIS.hash("mqtt:delayed:" + third.id())).isEmpty());
        assertThat(node.delay(second, 1000).await(5, SECONDS)).as("sent again").isEqualTo(Answer.DONE);
        node.nextDue();
        asserted(() -> assertThat(REDIS.command("ZCARD", DUE)).isEqualTo(1L));
        assertThat(node.delay(third, LATER).await(5, SECONDS)).isEqualTo(Answer.DONE);
    }

    @Test
    void stoppedNode_leavesWhatIsNotDueToTheNext() throws Exception {
        node.start().delay("a", 1000);
        node.stop();
        assertThat(node.due).isEmpty();
        node.start();
        assertThat(node.nextDue().message().topic().value()).isEqualTo("a");
        assertNothingIsLeft();
    }

    @Test
    void stoppedNode_leavesWhatIsBeingPublishedToTheNext() throws Exception {
        node.broker(event -> Promise.<Answer>promise().future());
        node.start().delay("a", 0);
        node.nextDue();
        node.stop();
        node.broker(event -> Future.succeededFuture(Answer.DONE));
        node.start();
        assertThat(node.nextDue().message().topic().value()).isEqualTo("a");
        assertNothingIsLeft();
    }

    @Test
    void twoNodes_publishEachMessageOnce() throws Exception {
        int messages = 300;
        try (DelayedFixture other = new DelayedFixture(REDIS, "n2@test")) {
            node.start();
            other.start();
            for (int i = 0; i < messages; i++) {
                node.delay(node.message("t" + i, Qos.AT_LEAST_ONCE), 1000 + i % 100);
            }
            asserted(() -> assertThat(node.due.size() + other.due.size()).isGreaterThanOrEqualTo(messages));
            assertNothingIsLeft();
            Set<String> topics = new HashSet<>();
            node.due.forEach(due -> topics.add(due.message().topic().value()));
            other.due.forEach(due -> topics.add(due.message().topic().value()));
            assertThat(topics).hasSize(messages);
            assertThat(node.due.size() + other.due.size()).isEqualTo(messages);
        }
    }

    @Test
    void will_isPublishedWithTheTimeOfItsPublication() throws Exception {
        long due = System.currentTimeMillis() + 500;
        REDIS.command("HSET", "mqtt:will:w1", "id", "w1", "from", "c", "qos", "1", "topic", "gone", "payload", "x");
        REDIS.command("HSET", "mqtt:will:w1", "ts", "1000", "props", "{\"message_expiry\":1}");
        REDIS.command("ZADD", "mqtt:will:due", Long.toString(due), "w1");
        node.start();
        MessageDue will = node.nextDue();
        assertThat(will.message().topic().value()).isEqualTo("gone");
        assertThat(will.message().millis()).isBetween(due, due + 2000);
        assertThat(will.username()).isNull();
        assertNothingIsLeft();
    }

    @Test
    void withdrawnWill_isNotPublished() throws Exception {
        REDIS.command("ZADD", "mqtt:will:due", "1000", "withdrawn");
        REDIS.command("SET", "mqtt:will:damaged", "no hash");
        REDIS.command("ZADD", "mqtt:will:due", "1000", "damaged");
        node.start();
        assertNothingIsLeft();
        assertThat(node.due).isEmpty();
    }

    private static EventFailure failureOf(Future<Answer> outcome) throws Exception {
        return outcome.<EventFailure>transform(done -> done.cause() instanceof EventFailedException known
                        ? Future.succeededFuture(known.failure())
                        : Future.failedFuture("it has not failed"))
                .await(5, SECONDS);
    }

    private static void assertNothingIsLeft() {
        asserted(() -> assertThat(REDIS.command("KEYS", "*")).isEqualTo(List.of()));
    }
}
