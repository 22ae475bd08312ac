package io.redshank.acks;

import static io.redshank.acks.Backend.acked;
import static io.redshank.acks.Backend.commands;
import static io.redshank.acks.Backend.function;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_KEEP_LATEST;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_PUBLISH;
import static io.redshank.hooks.Hook.MESSAGE_ACKED;
import static io.redshank.hooks.Hook.MESSAGE_DELIVERED;
import static io.redshank.hooks.Hook.MESSAGE_PUBLISH;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.MessageDelivered;
import io.redshank.hooks.HookEntry;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import io.redshank.testkit.RedisFixture;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What message.acked and message.delivered leave in Redis. */
class AcknowledgementsTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final HookEntry QUEUE = function(MESSAGE_ACKED, "queue/#", ON_MESSAGE_ACKED_FOR_QUEUE, "pool1");
    private static final HookEntry PUBSUB = function(MESSAGE_ACKED, "pubsub/#", ON_MESSAGE_ACKED_FOR_PUBSUB, "pool1");

    @BeforeEach
    void clear() {
        REDIS.select(0);
        REDIS.command("FLUSHALL");
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void queue_forgetsTheMessage() throws Exception {
        for (String id : List.of("m1", "m2")) {
            REDIS.command("HSET", "mqtt:msg:" + id, "id", id);
            REDIS.command("ZADD", "mqtt:msg:queue/a", "1", id);
        }
        run(List.of(QUEUE), acked("c", "queue/a", "m1", "m1", true));
        assertThat(REDIS.command("EXISTS", "mqtt:msg:m1")).isEqualTo(0L);
        assertThat(REDIS.hash("mqtt:msg:m2")).isEqualTo(Map.of("id", "m2"));
        assertThat(REDIS.command("ZRANGE", "mqtt:msg:queue/a", "0", "-1")).isEqualTo(List.of("m2"));
        assertThat(REDIS.command("KEYS", "mqtt:acked:*")).asList().isEmpty();
    }

    @Test
    void queueWithLeases_forgetsThatOfTheMessage() throws Exception {
        REDIS.command("HSET", "mqtt:lease:queue/a", "m1", "1 c", "m2", "1 c");
        REDIS.command("HSET", "mqtt:lease:queue/b", "m1", "1 c");
        run(
                List.of(QUEUE, Backend.leasing("queue/a")),
                acked("c", "queue/a", "m1", "m1", true),
                acked("c", "queue/b", "m1", "m1", true));
        assertThat(REDIS.hash("mqtt:lease:queue/a")).containsOnlyKeys("m2");
        assertThat(REDIS.hash("mqtt:lease:queue/b")).as("not known to have any").containsOnlyKeys("m1");
    }

    @Test
    void pubsub_movesTheBookmark() throws Exception {
        run(List.of(PUBSUB), acked("c", "pubsub/a", "m2", "m1", false));
        assertThat(REDIS.command("GET", "mqtt:acked:c:pubsub/a")).isEqualTo("m1");
        assertThat((Long) REDIS.command("TTL", "mqtt:acked:c:pubsub/a")).isBetween(2_591_900L, 2_592_000L);
    }

    @Test
    void bookmarkThatDidNotMove_isNotWritten() throws Exception {
        run(List.of(PUBSUB), acked("c", "pubsub/a", "m2", null, true));
        assertThat(REDIS.command("DBSIZE")).isEqualTo(0L);
    }

    @Test
    void keepLatest_forgetsTheAckedMessageOnly() throws Exception {
        REDIS.command("HSET", "mqtt:latest_msg:a", "id", "m1");
        REDIS.command("HSET", "mqtt:latest_msg:b", "id", "m9");
        run(
                List.of(function(MESSAGE_ACKED, null, ON_MESSAGE_ACKED_FOR_KEEP_LATEST, "pool1")),
                acked("c", "a", "m1", null, false),
                acked("c", "b", "m1", null, false));
        assertThat(REDIS.command("KEYS", "*")).isEqualTo(List.of("mqtt:latest_msg:b"));
    }

    @Test
    void persistingSession_hasBookmarksWithoutAnEntry() throws Exception {
        run(List.of(), acked("c", "any", "m1", "m1", true), acked("d", "any", "m1", "m1", false));
        assertThat(REDIS.command("GET", "mqtt:acked:c:any")).isEqualTo("m1");
        assertThat(REDIS.command("DBSIZE")).isEqualTo(1L);
    }

    @Test
    void persistingSession_hasItsBookmarkBesideTheLog() throws Exception {
        run(
                List.of(function(MESSAGE_PUBLISH, "logged/#", ON_MESSAGE_PUBLISH, "pool2")),
                acked("c", "logged/a", "m1", "m1", true),
                acked("c", "other", "m1", "m1", true));
        assertThat(REDIS.command("KEYS", "*")).isEqualTo(List.of("mqtt:acked:c:other"));
        REDIS.select(2);
        assertThat(REDIS.command("GET", "mqtt:acked:c:logged/a")).isEqualTo("m1");
    }

    @Test
    void bookmarksOfOneBatch_areOneWrite() throws Exception {
        try (Backend backend = Backend.start(REDIS, PUBSUB)) {
            REDIS.command("CONFIG", "RESETSTAT");
            backend.send(IntStream.rangeClosed(1, 100)
                    .mapToObj(i -> acked("c", "pubsub/a", "m" + i, "m" + i, true))
                    .toArray(MessageAcked[]::new));
            backend.settle();
        }
        assertThat(REDIS.command("GET", "mqtt:acked:c:pubsub/a")).isEqualTo("m100");
        assertThat((String) REDIS.command("INFO", "commandstats")).contains("cmdstat_set:calls=1,");
    }

    @Test
    void commands_runInOrderWithFunctions() throws Exception {
        REDIS.command("HSET", "mqtt:msg:m1", "id", "m1");
        run(
                List.of(
                        commands(MESSAGE_ACKED, "queue/#", "EXISTS mqtt:msg:${msgid}", "RPUSH order ${msgid}"),
                        QUEUE,
                        commands(
                                MESSAGE_ACKED,
                                "queue/#",
                                "COPY mqtt:msg:${msgid} copied",
                                "RPUSH order ${ts} ${topic}")),
                acked("c", "queue/a", "m1", null, false),
                acked("c", "other", "m2", null, false));
        assertThat(REDIS.command("LRANGE", "order", "0", "-1")).isEqualTo(List.of("m1", "1481685802", "queue/a"));
        assertThat(REDIS.command("KEYS", "*")).isEqualTo(List.of("order"));
    }

    @Test
    void delivered_runsItsCommands() throws Exception {
        try (Backend backend =
                Backend.start(REDIS, commands(MESSAGE_DELIVERED, "a/#", "HSET delivered:${clientid} topic msgid"))) {
            backend.turn(out -> {
                out.send(EventTypes.MESSAGE_DELIVERED, Concern.ACKS, delivered("a/b"));
                out.send(EventTypes.MESSAGE_DELIVERED, Concern.ACKS, delivered("b"));
            });
            backend.settle();
        }
        assertThat(REDIS.hash("delivered:c")).isEqualTo(Map.of("a/b", "m1"));
    }

    @Test
    void refusedCommand_touchesNothingElse() throws Exception {
        REDIS.command("SET", "mqtt:msg:queue/a", "damaged");
        REDIS.command("HSET", "mqtt:msg:m1", "id", "m1");
        REDIS.command("HSET", "mqtt:msg:m2", "id", "m2");
        REDIS.command("ZADD", "mqtt:msg:queue/b", "1", "m2");
        run(
                List.of(QUEUE),
                acked("c", "queue/a", "m1", null, false),
                acked("c", "queue/b", "m2", null, false),
                acked("c", "other", "m3", "m3", true));
        assertThat(REDIS.command("GET", "mqtt:msg:queue/a")).isEqualTo("damaged");
        assertThat(REDIS.command("GET", "mqtt:acked:c:other")).isEqualTo("m3");
        assertThat(REDIS.command("DBSIZE")).isEqualTo(2L);
    }

    private static void run(List<HookEntry> entries, MessageAcked... events) throws Exception {
        try (Backend backend = Backend.start(REDIS, entries.toArray(HookEntry[]::new))) {
            backend.send(events);
            backend.settle();
        }
    }

    private static MessageDelivered delivered(String topic) {
        return new MessageDelivered(new ClientId("c"), null, new TopicName(topic), new MessageId("m1"), 1);
    }
}
