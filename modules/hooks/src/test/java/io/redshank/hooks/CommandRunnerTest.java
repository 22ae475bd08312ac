package io.redshank.hooks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandRunnerTest {
    private static RedisFixture redis;

    private final CommandFailures failures = new CommandFailures();
    private Vertx vertx;
    private RedisLink link;
    private CommandRunner runner;

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
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                1,
                0,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(5));
        link = RedisLink.open(vertx, pool, List.of());
        link.up().await(5, SECONDS);
        runner = new CommandRunner(Map.of("pool1", link), failures);
    }

    @AfterEach
    void close() throws Exception {
        link.close().compose(closed -> vertx.close()).await(5, SECONDS);
    }

    @Test
    void commands_runInTheirOrder() throws Exception {
        run("RPUSH l 1", "RPUSH l 2", "RPUSH l 3", "PUBLISH news payload");
        assertThat(redis.command("LRANGE", "l", "0", "-1")).isEqualTo(List.of("1", "2", "3"));
        assertThat(failures.byPath()).isEmpty();
    }

    @Test
    void payloadThatLooksLikeMoreArguments_isOne() throws Exception {
        run("SET p payload", "HSET h:${topic} ${message}");
        assertThat(redis.command("GET", "p")).isEqualTo("x EX 1\r\n");
        assertThat(redis.hash("h:a/b"))
                .containsExactly(
                        Map.entry("id", "id1"),
                        Map.entry("from", "c1"),
                        Map.entry("qos", "1"),
                        Map.entry("topic", "a/b"),
                        Map.entry("payload", "x EX 1\r\n"),
                        Map.entry("ts", "7"),
                        Map.entry("retain", "false"));
    }

    @Test
    void commandOfTheWrongType_touchesNoOther() throws Exception {
        redis.command("SET", "text", "x");
        run("SET before 1", "RPUSH text 1", "SET after 1");
        assertThat(redis.command("MGET", "before", "text", "after")).isEqualTo(List.of("1", "x", "1"));
        assertThat(failures.byPath()).containsExactly(Map.entry("backend.redis.hook.message.publish[0]", 1L));
    }

    @Test
    void commandWithTooFewArguments_touchesNoOther() throws Exception {
        run("SET before 1", "SET alone", "NOSUCH x", "SET after 1");
        assertThat(redis.command("MGET", "before", "after")).isEqualTo(List.of("1", "1"));
        assertThat(failures.byPath()).containsExactly(Map.entry("backend.redis.hook.message.publish[0]", 2L));
    }

    @Test
    void entryWithAFunction_isNotForTheRunner() throws Exception {
        FunctionAction action = new FunctionAction(BackendFunction.ON_MESSAGE_PUBLISH);
        HookEntry entry = new HookEntry("path", Hook.MESSAGE_PUBLISH, null, action, "elsewhere", 1);
        runner.runAll(List.of(entry), event()).await(5, SECONDS);
        assertThat(failures.byPath()).isEmpty();
    }

    @Test
    void linkThatIsDown_isSaidToTheCaller() throws Exception {
        link.close().await(5, SECONDS);
        assertThatThrownBy(() -> run("SET a 1"))
                .isInstanceOf(RedisFailure.class)
                .extracting(failure -> ((RedisFailure) failure).kind())
                .isEqualTo(RedisFailure.Kind.UNAVAILABLE);
    }

    private void run(String... lines) throws Exception {
        List<CommandTemplate> commands = new ArrayList<>();
        for (String line : lines) {
            commands.add(CommandTemplate.parse(Hook.MESSAGE_PUBLISH, line, true));
        }
        HookEntry entry = new HookEntry(
                "backend.redis.hook.message.publish[0]",
                Hook.MESSAGE_PUBLISH,
                null,
                new CommandsAction(commands, false),
                "pool1",
                1);
        runner.runAll(List.of(entry), event()).await(5, SECONDS);
    }

    private static HookVariables event() {
        Message message = new Message(
                new MessageId("id1"),
                new ClientId("c1"),
                new TopicName("a/b"),
                Qos.AT_LEAST_ONCE,
                false,
                Payload.of("x EX 1\r\n".getBytes(StandardCharsets.UTF_8)),
                7000);
        return HookVariables.ofPublish(message, "", 7);
    }
}
