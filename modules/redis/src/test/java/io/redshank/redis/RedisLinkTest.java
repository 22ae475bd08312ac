package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.redis.RedisFailure.Kind;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands on a link to a server that is well. */
class RedisLinkTest {
    private static final Script ECHO = new Script("echo", "return {KEYS[1], ARGV[1], ARGV[2]}");

    private static RedisFixture redis;
    private Vertx vertx;
    private RedisLink link;

    @BeforeAll
    static void startRedis() {
        redis = RedisFixture.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void open() throws Exception {
        redis.command("FLUSHALL");
        vertx = Vertx.vertx();
        link = RedisLink.open(vertx, Pools.of(redis), List.of(ECHO));
        link.up().await(5, SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        link.close().compose(closed -> vertx.close()).await(5, SECONDS);
    }

    @Test
    void send_hasTheReply() throws Exception {
        assertThat(link.isUp()).isTrue();
        assertThat(link.send(cmd("PING")).await(5, SECONDS)).hasToString("PONG");
        assertThat(link.send(cmd("GET", "none")).await(5, SECONDS)).isNull();
    }

    @Test
    void send_failsWithRedisWords() {
        redis.command("SET", "text", "x");
        assertThatThrownBy(() -> link.send(cmd("INCR", "text")).await(5, SECONDS))
                .isInstanceOf(RedisFailure.class)
                .hasMessage("ERR value is not an integer or out of range")
                .extracting(failure -> ((RedisFailure) failure).kind())
                .isEqualTo(Kind.REJECTED);
    }

    @Test
    void pipeline_hasTheRepliesInOrder() throws Exception {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            requests.add(cmd("RPUSH", "list", Integer.toString(i)));
        }
        PipelineReplies replies = link.pipeline(requests).await(5, SECONDS);
        assertThat(replies.size()).isEqualTo(1000);
        assertThat(replies.allSucceeded()).isTrue();
        assertThat(replies.reply(999)).hasToString("1000");
        assertThat(redis.command("LINDEX", "list", "500")).isEqualTo("500");
    }

    @Test
    void pipelines_keepTheOrderOfTheirCalls() throws Exception {
        List<Future<PipelineReplies>> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(link.pipeline(List.of(cmd("RPUSH", "list", "p" + i), cmd("LLEN", "list"))));
        }
        Future.all(sent).await(5, SECONDS);
        for (int i = 0; i < 100; i++) {
            assertThat(sent.get(i).result().reply(1)).hasToString(Integer.toString(i + 1));
        }
    }

    @Test
    void emptyPipeline_isDoneAtOnce() throws Exception {
        assertThat(link.pipeline(List.of()).await(5, SECONDS).size()).isZero();
    }

    @Test
    void failingCommands_hitOnlyThemselves() throws Exception {
        redis.command("SET", "text", "x");
        PipelineReplies replies = link.pipeline(List.of(
                        cmd("SET", "a", "1"), cmd("LPUSH", "text", "y"), cmd("INCR", "text"), cmd("SET", "b", "2")))
                .await(5, SECONDS);
        assertThat(replies.allSucceeded()).isFalse();
        assertThat(replies.repliesHidden()).isTrue();
        assertThat(replies.failure(0)).isNull();
        assertThat(replies.failure(1)).hasMessageStartingWith("WRONGTYPE ");
        assertThat(replies.failure(2)).hasMessageStartingWith("ERR value is not an integer");
        assertThat(replies.failure(3)).isNull();
        assertThat(redis.command("MGET", "a", "b")).isEqualTo(List.of("1", "2"));
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void commandWithTooFewArguments_hitsOnlyItself() throws Exception {
        PipelineReplies replies = link.pipeline(List.of(cmd("SET", "a", "1"), cmd("SET", "secret"), cmd("GET", "a")))
                .await(5, SECONDS);
        assertThat(replies.failure(1)).hasMessage("ERR wrong number of arguments for 'set' command");
        assertThat(replies.failure(1)).extracting(RedisFailure::kind).isEqualTo(Kind.REJECTED);
        assertThat(replies.reply(2)).hasToString("1");
    }

    @Test
    void commandTheClientDoesNotKnow_isRejectedByRedis() throws Exception {
        PipelineReplies replies = link.pipeline(List.of(cmd("NOSUCH", "secret"), cmd("SET", "a", "1")))
                .await(5, SECONDS);
        assertThat(replies.failure(0)).hasMessage("ERR unknown command 'NOSUCH'");
        assertThat(redis.command("GET", "a")).isEqualTo("1");
    }

    @Test
    void oneByOne_hidesNoReply() throws Exception {
        redis.command("SET", "text", "x");
        PipelineReplies replies = link.oneByOne(List.of(cmd("GET", "text"), cmd("INCR", "text"), cmd("GET", "none")))
                .await(5, SECONDS);
        assertThat(replies.repliesHidden()).isFalse();
        assertThat(replies.reply(0)).hasToString("x");
        assertThat(replies.failure(1)).hasMessageStartingWith("ERR value is not an integer");
        assertThat(replies.reply(2)).isNull();
        assertThat(replies.failure(2)).isNull();
    }

    @Test
    void script_isThereWhenTheLinkIsUp() throws Exception {
        assertThat(link.send(ECHO.call("k", "text", 999_999_999_999_999L)).await(5, SECONDS))
                .hasToString("[k, text, 999999999999999]");
    }

    @Test
    void scriptThatRedisLost_isLoadedAgain() throws Exception {
        redis.command("SCRIPT", "FLUSH");
        PipelineReplies first = link.pipeline(List.of(cmd("SET", "a", "1"), ECHO.call("k", "x", "y")))
                .await(5, SECONDS);
        assertThat(first.failure(0)).isNull();
        assertThat(first.failure(1)).extracting(RedisFailure::kind).isEqualTo(Kind.UNAVAILABLE);
        assertThat(link.pipeline(List.of(ECHO.call("k", "x", "y")))
                        .await(5, SECONDS)
                        .reply(0))
                .hasToString("[k, x, y]");
    }

    @Test
    void callsOfTheLinksOwnContext_completeThere() throws Exception {
        Future<Boolean> onOwnThread = Future.future(promise -> vertx.runOnContext(here -> {
            Thread thread = Thread.currentThread();
            RedisLink own = RedisLink.open(vertx, Pools.of(redis), List.of());
            own.up()
                    .compose(up -> own.send(cmd("PING")))
                    .map(pong -> Thread.currentThread() == thread)
                    .onComplete(promise);
        }));
        assertThat(onOwnThread.await(5, SECONDS)).isTrue();
    }

    @Test
    void database_isThatOfThePool() throws Exception {
        RedisLink other = RedisLink.open(vertx, Pools.withDatabase(redis, 3), List.of());
        other.up().compose(up -> other.send(cmd("SET", "k", "in 3"))).await(5, SECONDS);
        redis.select(3);
        assertThat(redis.command("GET", "k")).isEqualTo("in 3");
        redis.select(0);
        assertThat(redis.command("GET", "k")).isNull();
    }

    @Test
    void closedLink_failsAtOnce() throws Exception {
        link.close().await(5, SECONDS);
        assertThat(link.isUp()).isFalse();
        assertThatThrownBy(() -> link.send(cmd("PING")).await(5, SECONDS)).isInstanceOf(RedisFailure.class);
        assertThatThrownBy(() -> link.up().await(5, SECONDS)).isInstanceOf(RedisFailure.class);
    }

    private static Request cmd(String name, String... args) {
        // An array of its own: the client puts bytes into it.
        return Request.cmd(Command.create(name), List.of(args).toArray(new Object[0]));
    }
}
