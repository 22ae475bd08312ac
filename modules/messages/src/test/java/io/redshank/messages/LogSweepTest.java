package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogSweepTest {
    private final MessagesFixture fixture = new MessagesFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void expiredMessages_leaveTheLogAndThenTheTopicLeavesTheIndex() throws Exception {
        fixture.seed().sweepEvery(Duration.ofMillis(50)).start();
        MessageId dead = fixture.publish(fixture.message("dead", "m")).await(5, SECONDS);
        MessageId alive = fixture.publish(fixture.message("alive", "m")).await(5, SECONDS);
        fixture.redis.command("DEL", "mqtt:msg:" + dead);

        awaitCommand(0L, "EXISTS", "mqtt:msg:dead");
        awaitCommand(null, "ZSCORE", "mqtt:topics:log", "dead");

        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:alive", "0", "-1")).isEqualTo(List.of(alive.value()));
        assertThat(fixture.redis.command("ZSCORE", "mqtt:topics:log", "alive")).isNotNull();
    }

    @Test
    void whatIsNoTopic_leavesTheIndex_andStopsNothing() throws Exception {
        fixture.seed().sweepEvery(Duration.ofMillis(50)).start();
        MessageId dead = fixture.publish(fixture.message("dead", "m")).await(5, SECONDS);
        fixture.redis.command("ZADD", "mqtt:topics:log", "1", "a/+", "2", "");
        fixture.redis.command("DEL", "mqtt:msg:" + dead);

        awaitCommand(0L, "EXISTS", "mqtt:topics:log");
        assertThat(fixture.redis.command("EXISTS", "mqtt:msg:dead")).isEqualTo(0L);
    }

    @Test
    void topicWithManyExpired_isSweptToItsEnd_andOthersMeanwhile() throws Exception {
        List<String> add = new ArrayList<>(List.of("ZADD", "mqtt:msg:busy"));
        for (int i = 0; i < 10_000; i++) {
            add.add(Integer.toString(i));
            add.add("dead" + i);
        }
        fixture.seed().sweepEvery(Duration.ofSeconds(1)).start();
        MessageId dead = fixture.publish(fixture.message("quiet", "m")).await(5, SECONDS);
        fixture.redis.command("DEL", "mqtt:msg:" + dead);
        fixture.redis.command("ZADD", "mqtt:topics:log", "1", "busy");
        fixture.redis.command(add.toArray(String[]::new)); // a hundred rounds of a page each

        awaitCommand(0L, "EXISTS", "mqtt:msg:busy");
        awaitCommand(0L, "EXISTS", "mqtt:msg:quiet");
    }

    @Test
    void fewThatLiveLonger_doNotStopTheSweepOfThoseBehindThem() throws Exception {
        List<String> add = new ArrayList<>(List.of("ZADD", "mqtt:msg:mixed"));
        for (int i = 0; i < 5_000; i++) {
            add.add(Integer.toString(i));
            add.add((i % 500 == 0 ? "alive" : "dead") + i);
        }
        fixture.seed().sweepEvery(Duration.ofSeconds(1)).start();
        for (int i = 0; i < 5_000; i += 500) {
            fixture.redis.command("HSET", "mqtt:msg:alive" + i, "topic", "mixed");
        }
        fixture.redis.command(add.toArray(String[]::new));
        fixture.redis.command("ZADD", "mqtt:topics:log", "1", "mixed");

        awaitCommand(10L, "ZCARD", "mqtt:msg:mixed");
    }

    private void awaitCommand(@Nullable Object expected, String... command) {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        Object reply;
        do {
            reply = fixture.redis.command(command);
        } while (!Objects.equals(reply, expected) && System.nanoTime() < deadline);
        assertThat(reply).isEqualTo(expected);
    }
}
