package io.redshank.acks;

import static io.redshank.acks.Backend.acked;
import static io.redshank.acks.Backend.commands;
import static io.redshank.acks.Backend.function;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE;
import static io.redshank.hooks.Hook.MESSAGE_ACKED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandFailures;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.redis.RedisLink;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Redis goes away and comes back. */
class OutageTest {
    private static final HookEntry QUEUE = function(MESSAGE_ACKED, "queue/#", ON_MESSAGE_ACKED_FOR_QUEUE, "pool1");

    private final RedisFixture redis = RedisFixture.start(true);

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void acknowledgements_areWrittenInOrderWhenRedisIsBack() throws Exception {
        redis.command("CONFIG", "SET", "appendfsync", "always");
        redis.command("HSET", "mqtt:msg:m1", "id", "m1");
        redis.command("ZADD", "mqtt:msg:queue/a", "1", "m1");
        try (Backend backend = Backend.start(redis, QUEUE, commands(MESSAGE_ACKED, "log", "RPUSH order ${msgid}"))) {
            redis.kill();
            backend.send(acked("c", "queue/a", "m1", null, false));
            List<String> ids = IntStream.range(0, 500).mapToObj(i -> "m" + i).toList();
            ids.forEach(id -> backend.send(acked("c", "log", id, id, true)));
            redis.restart();
            Eventually.isEqual(() -> redis.command("LRANGE", "order", "0", "-1"), ids);
            backend.settle();
        }
        assertThat(redis.command("EXISTS", "mqtt:msg:m1", "mqtt:msg:queue/a")).isEqualTo(0L);
        assertThat(redis.command("GET", "mqtt:acked:c:log")).isEqualTo("m499");
        // one write for each lot: how many lots the 500 came in, nobody can say; less than ten
        assertThat((String) redis.command("INFO", "commandstats")).containsPattern("cmdstat_set:calls=\\d,");
    }

    @Test
    void stop_doesNotWaitForARedisThatIsAway() throws Exception {
        try (Backend backend = Backend.start(redis, QUEUE)) {
            redis.kill();
            backend.send(acked("c", "queue/a", "m1", "m1", true));
            backend.settle();
        }
    }

    @Test
    void queue_isBoundedAndBookmarksCoalesce() throws Exception {
        redis.kill();
        Vertx vertx = Vertx.vertx();
        vertx.deployVerticle(context -> {
                    RedisLink link = RedisLink.open(vertx, Backend.pool(redis, "pool1", 0), LotWriter.SCRIPTS);
                    PoolQueue queue = queue(vertx, link);
                    for (int i = 0; i < 5; i++) {
                        queue.add(Chore.of(QUEUE, acked("c", "queue/a", "m" + i, null, false)));
                        queue.bookmark("mqtt:acked:c:a", new Place(new MessageId("m" + i), false));
                    }
                    assertThat(queue.dropped()).isEqualTo(2);
                    queue.flush();
                    queue.add(Chore.of(QUEUE, acked("c", "queue/a", "m5", null, false)));
                    return queue.settled()
                            .map(tried -> assertThat(queue.dropped()).isEqualTo(3));
                })
                .await(5, SECONDS);
        vertx.close().await(5, SECONDS);
    }

    private static PoolQueue queue(Vertx vertx, RedisLink link) {
        BackendOptions options = new BackendOptions(
                new NodeName("n1"),
                new HookTable(List.of()),
                Map.of(),
                TimestampUnit.SECONDS,
                Duration.ofDays(1),
                Duration.ofDays(365),
                Duration.ofHours(1),
                false);
        CommandRunner runner = new CommandRunner(Map.of("pool1", link), new CommandFailures());
        return new PoolQueue(vertx, new LotWriter(link, runner, options), 3);
    }
}
