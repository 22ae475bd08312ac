package io.redshank.retained;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RetainedStoreTest {
    /** As the original wrote them: of the form of ours, but far in our future. */
    private static final MessageId FOREIGN_ID = new MessageId("6P9NLcJ65VXBbC22sYb4");

    private static RedisFixture redis;
    private RetainedHarness retained;

    @BeforeAll
    static void startRedis() {
        redis = RedisFixture.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void deploy() throws Exception {
        redis.command("FLUSHALL");
        retained = new RetainedHarness(redis);
    }

    @AfterEach
    void undeploy() throws Exception {
        retained.close();
    }

    @Test
    void oneTopicTooMany_isRefused_untilAnotherHasNone() throws Exception {
        retained.close();
        retained = new RetainedHarness(redis, RetainedHarness.DEFAULT, false, 2);
        publish(retained.message("a", "1"));
        publish(retained.message("b", "1"));
        assertThatThrownBy(() -> publish(retained.message("c", "1")))
                .isInstanceOf(EventFailedException.class)
                .extracting(failure -> ((EventFailedException) failure).failure())
                .isEqualTo(EventFailure.FULL);
        assertThat(redis.command("EXISTS", "mqtt:retain:c")).isEqualTo(0L);
        publish(retained.message("a", "2")); // replaces
        assertThat(redis.hash("mqtt:retain:a")).containsEntry("payload", "2");
        publish(retained.message("b", ""));
        publish(retained.message("c", "2"));
        assertThat(redis.hash("mqtt:retain:c")).containsEntry("payload", "2");
    }

    @CanIgnoreReturnValue
    private MessageId publish(Message message) throws Exception {
        return retained.publish(message).await(5, SECONDS);
    }

    private static @Nullable Object kept(String topic, String field) {
        return redis.command("HGET", "mqtt:retain:" + topic, field);
    }

    @Test
    void retainedMessage_isAHashInTheLayout() throws Exception {
        MessageId id = retained.nextId();
        assertThat(publish(RetainedHarness.message(id, "topic", "Hello world!", Qos.AT_LEAST_ONCE)))
                .isEqualTo(id);
        assertThat(redis.hash("mqtt:retain:topic").toString())
                .isEqualTo("{id=" + id
                        + ", from=test, qos=1, topic=topic, retain=true, payload=Hello world!, ts=1481690659}");
        assertThat(redis.command("TTL", "mqtt:retain:topic")).isEqualTo(-1L);
        assertThat(redis.command("ZRANGE", "mqtt:topics:retained", "0", "-1")).isEqualTo(List.of("topic"));
        assertThat((List<?>) redis.command("KEYS", "*")).hasSize(2);
    }

    @Test
    void laterMessage_replacesAllOfTheEarlierOne() throws Exception {
        retained.store("a/b", "first");
        redis.command("HSET", "mqtt:retain:a/b", "props", "of the first");
        redis.command("EXPIRE", "mqtt:retain:a/b", "100");
        retained.store("a/b", "second");
        assertThat(kept("a/b", "payload")).isEqualTo("second");
        assertThat(redis.command("HLEN", "mqtt:retain:a/b")).isEqualTo(7L);
        assertThat(redis.command("TTL", "mqtt:retain:a/b")).isEqualTo(-1L);
        assertThat(redis.command("ZCARD", "mqtt:topics:retained")).isEqualTo(1L);
    }

    @Test
    void emptyMessage_deletesKeyAndIndexEntry_andMayBeRepeated() throws Exception {
        retained.store("a/b", "x");
        Message delete = retained.message("a/b", "");
        assertThat(publish(delete)).isEqualTo(delete.id());
        assertThat(publish(delete)).isEqualTo(delete.id());
        awaitKeys();
    }

    @Test
    void olderMessage_doesNotOverwriteNewerOne() throws Exception {
        Message older = retained.message("t", "older");
        Message olderDelete = retained.message("t", "");
        Message newer = retained.message("t", "newer");
        publish(newer);
        publish(older);
        assertThat(kept("t", "payload")).isEqualTo("newer");
        publish(olderDelete);
        assertThat(kept("t", "payload")).isEqualTo("newer");
        assertThat(redis.command("ZCARD", "mqtt:topics:retained")).isEqualTo(1L);
    }

    @Test
    void messageThatComesAgainAfterItsDelete_staysDeleted() throws Exception {
        Message store = retained.message("t", "x");
        Message delete = retained.message("t", "");
        publish(store);
        publish(delete);
        publish(store);
        awaitKeys();
        retained.store("t", "y");
        assertThat(kept("t", "payload")).isEqualTo("y");
    }

    @Test
    void messageWithAnIdOfAnotherForm_isReplaced() throws Exception {
        for (String id : List.of(FOREIGN_ID.value(), "MzEzNTk0OTk3MzM5NTE0NzU4NDY5MTk5MzA2OTAwNDM4MDI")) {
            redis.command("HSET", "mqtt:retain:t", "id", id, "topic", "t", "payload", "old");
            retained.store("t", "new " + id);
            assertThat(kept("t", "payload")).isEqualTo("new " + id);
        }
    }

    @Test
    void stringOfTheOlderLayout_isReplacedByAHash() throws Exception {
        redis.command("SET", "mqtt:retain:t", "someid");
        retained.store("t", "x");
        assertThat(kept("t", "payload")).isEqualTo("x");
    }

    @Test
    void stringOfTheOlderLayout_isDeletedWithItsBody_butNotWithALog() throws Exception {
        redis.command("SET", "mqtt:retain:t", "someid");
        redis.command("HSET", "mqtt:msg:someid", "id", "someid", "topic", "t", "payload", "x");
        redis.command("SET", "mqtt:retain:u", "queue/a");
        redis.command("ZADD", "mqtt:msg:queue/a", "1", "someid");
        publish(retained.message("t", ""));
        publish(retained.message("u", ""));
        awaitKeys("mqtt:msg:queue/a");
    }

    /** Beside the index, which may have been told of a key that was there for a moment: who looks it up next takes it out. */
    private void awaitKeys(String... expected) {
        Eventually.isEqual(
                () -> Stream.of(redis.command("KEYS", "*"))
                        .flatMap(keys -> ((List<?>) keys).stream())
                        .filter(key -> !key.equals("mqtt:topics:retained"))
                        .toList(),
                List.of(expected));
    }

    @Test
    void keyOfAnotherType_refusesThatTopicOnly_andIsSaidOnce() throws Exception {
        redis.command("RPUSH", "mqtt:retain:x", "not ours");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(RetainedWriter.class);
        lines.start();
        logger.addAppender(lines);
        var bad = retained.publish(retained.message("x", "1"));
        var good = retained.publish(retained.message("y", "1"));
        assertThatThrownBy(() -> bad.await(5, SECONDS))
                .isInstanceOf(EventFailedException.class)
                .hasMessageContaining("WRONGTYPE")
                .satisfies(failure ->
                        assertThat(((EventFailedException) failure).failure()).isEqualTo(EventFailure.REFUSED));
        assertThat(good.await(5, SECONDS)).isNotNull();
        logger.detachAppender(lines);
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).getFormattedMessage())
                .contains("hook=hook.message.publish", "command=HSET", "key=mqtt:retain:x", "WRONGTYPE");
        assertThat(redis.command("LRANGE", "mqtt:retain:x", "0", "-1")).isEqualTo(List.of("not ours"));
        assertThat(retained.topics("#")).containsExactly("y");
        assertThat(retained.topics("x")).isEmpty();
    }

    @Test
    void topicThatNoEntryIsFor_isNotKept() throws Exception {
        retained.close();
        retained = new RetainedHarness(
                redis,
                List.of(RetainedHarness.entry(Hook.MESSAGE_PUBLISH, "kept/#", BackendFunction.ON_MESSAGE_RETAIN)),
                false);
        retained.store("other", "x");
        retained.store("kept/a", "x");
        publish(retained.message("kept/a", ""));
        assertThat((List<?>) redis.command("KEYS", "mqtt:retain:*")).isEqualTo(List.of("mqtt:retain:kept/a"));
    }

    @Test
    void manyMessagesOnOneTopicAtOnce_leaveTheLast() throws Exception {
        List<Message> messages = IntStream.range(0, 500)
                .mapToObj(i -> retained.message("t", "n" + i))
                .toList();
        var answers = messages.stream().map(retained::publish).toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).await(5, SECONDS))
                    .isEqualTo(messages.get(i).id());
        }
        assertThat(kept("t", "payload")).isEqualTo("n499");
    }
}
