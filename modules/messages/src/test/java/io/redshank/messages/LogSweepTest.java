package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.MessageId;
import java.time.Duration;
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

    private void awaitCommand(@Nullable Object expected, String... command) {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        Object reply;
        do {
            reply = fixture.redis.command(command);
        } while (!Objects.equals(reply, expected) && System.nanoTime() < deadline);
        assertThat(reply).isEqualTo(expected);
    }
}
