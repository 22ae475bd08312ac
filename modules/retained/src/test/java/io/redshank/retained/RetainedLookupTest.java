package io.redshank.retained;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.MessagePage;
import io.redshank.model.Message;
import io.redshank.model.Qos;
import io.redshank.testkit.RedisFixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetainedLookupTest {
    private static final String INDEX = "mqtt:topics:retained";

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

    private static void write(String topic, String payload) {
        redis.command("HSET", "mqtt:retain:" + topic, "id", "1", "topic", topic, "payload", payload, "qos", "1");
    }

    private static boolean isIndexed(String topic) {
        return redis.command("ZSCORE", INDEX, topic.replace('/', '\0')) != null;
    }

    @Test
    void storedMessage_isFoundAsItWas() throws Exception {
        Message message = RetainedHarness.message(retained.nextId(), "a/b", "päyload", Qos.EXACTLY_ONCE);
        assertThat(retained.publish(message).await(5, SECONDS)).isEqualTo(message.id());
        for (String filter : List.of("a/b", "a/+", "+/b", "a/#", "#", "a/b/#", "+/+")) {
            Message found = retained.all(filter).get(0);
            assertThat(found.id()).isEqualTo(message.id());
            assertThat(found.payload()).isEqualTo(message.payload());
            assertThat(found.qos()).isEqualTo(Qos.EXACTLY_ONCE);
            assertThat(found.retain()).isTrue();
            assertThat(found.from()).isEqualTo(RetainedHarness.CLIENT);
        }
        MessagePage page = retained.page("a/b", null);
        assertThat(page.more()).isFalse();
        assertThat(page.cursor()).isNull();
    }

    @Test
    void messageOfAnApplication_isFoundByItsTopicAtOnce_andIsIndexedThen() throws Exception {
        write("app/1", "x");
        assertThat(retained.topics("app/1")).containsExactly("app/1");
        RetainedHarness.eventually("indexed", () -> isIndexed("app/1"));
    }

    @Test
    void messageOfAnApplication_isFoundByWildcard_andNotWhenItIsDeleted() {
        write("app/1", "x");
        retained.awaitTopics("app/+", "app/1");
        write("app/2", "y");
        retained.awaitTopics("app/+", "app/1", "app/2");
        redis.command("DEL", "mqtt:retain:app/1");
        retained.awaitTopics("app/+", "app/2");
        RetainedHarness.eventually("dropped from the index", () -> !isIndexed("app/1"));
    }

    @Test
    void messagesWrittenWhileNobodyListened_areFoundByTheWalk() throws Exception {
        retained.close();
        for (int i = 0; i < 1_200; i++) {
            write("before/" + i, "x");
        }
        retained = new RetainedHarness(redis);
        RetainedHarness.eventually("all indexed", () -> Objects.equals(redis.command("ZCARD", INDEX), 1_200L));
    }

    @Test
    void listenerWithoutPermission_leavesItToTheWalk() throws Exception {
        retained.close();
        redis.command("ACL", "SETUSER", "default", "-client|tracking");
        try {
            write("app/1", "x");
            retained = new RetainedHarness(redis);
            retained.awaitTopics("app/+", "app/1");
        } finally {
            redis.command("ACL", "SETUSER", "default", "+@all");
        }
    }

    @Test
    void deadIndexEntries_areDroppedOnSight() throws Exception {
        retained.store("a/1", "x");
        redis.command("ZADD", INDEX, "0", "a\0dead", "0", "a\0dead2", "0", "bad\0+");
        assertThat(retained.topics("a/#")).containsExactly("a/1");
        assertThat(retained.topics("#")).containsExactly("a/1");
        RetainedHarness.eventually("dropped", () -> !isIndexed("a/dead") && !isIndexed("a/dead2"));
        assertThat(isIndexed("a/1")).isTrue();
    }

    @Test
    void stringOfTheOlderLayout_isFoundByItsBody() throws Exception {
        redis.command("HSET", "mqtt:msg:id1", "id", "id1", "topic", "old/1", "payload", "body", "qos", "1");
        redis.command("SET", "mqtt:retain:old/1", "id1");
        redis.command("SET", "mqtt:retain:old/2", "expired");
        retained.store("old/3", "new");
        for (Message found : retained.all("old/1")) {
            assertThat(RetainedHarness.text(found)).isEqualTo("body");
        }
        retained.awaitTopics("old/+", "old/1", "old/3");
        assertThat(retained.topics("old/2")).isEmpty();
        assertThat(redis.command("GET", "mqtt:retain:old/2")).isEqualTo("expired");
    }

    @Test
    void damagedMessages_areSkipped() throws Exception {
        redis.command("HSET", "mqtt:retain:d/1", "payload", "no topic");
        redis.command("SADD", "mqtt:retain:d/2", "a set");
        write("d/3", "good");
        write("d/4", "");
        retained.awaitTopics("d/+", "d/3");
        assertThat(retained.topics("d/1")).isEmpty();
    }

    @Test
    void thousandMatches_comeInPages_eachOnce() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            write("many/" + i + "/temp", "x" + i);
            write("many/" + i + "/other", "x" + i);
        }
        RetainedHarness.eventually("indexed", () -> Objects.equals(redis.command("ZCARD", INDEX), 2_000L));
        List<String> found = new ArrayList<>();
        MessagePage page = retained.page("many/+/temp", null);
        int pages = 1;
        while (page.more()) {
            assertThat(page.messages()).hasSize(500);
            page.messages().forEach(message -> found.add(message.topic().value()));
            page = retained.page("many/+/temp", page.cursor());
            pages++;
        }
        page.messages().forEach(message -> found.add(message.topic().value()));
        assertThat(found).hasSize(1_000);
        assertThat(new HashSet<>(found)).hasSize(1_000);
        assertThat(pages).isBetween(2, 3);
    }

    @Test
    void longPayloads_makeShortPages() throws Exception {
        String long600k = "y".repeat(600 * 1024);
        for (int i = 0; i < 4; i++) {
            write("long/" + i, long600k);
        }
        write("long/short", "x");
        write("long/tooLong", "z".repeat(3 << 20));
        RetainedHarness.eventually("indexed", () -> Objects.equals(redis.command("ZCARD", INDEX), 6L));
        List<Integer> sizes = new ArrayList<>();
        List<Message> all = new ArrayList<>();
        MessagePage page = retained.page("long/#", null);
        sizes.add(page.messages().size());
        all.addAll(page.messages());
        while (page.more()) {
            page = retained.page("long/#", page.cursor());
            sizes.add(page.messages().size());
            all.addAll(page.messages());
        }
        assertThat(all.stream().map(message -> message.topic().value()))
                .containsExactly("long/0", "long/1", "long/2", "long/3", "long/short", "long/tooLong");
        assertThat(all.get(5).payload().length()).isEqualTo(3 << 20);
        assertThat(sizes).startsWith(1, 1, 1, 2, 1);
        assertThat(retained.all("long/tooLong")).hasSize(1);
    }
}
