package io.redshank.delayed;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.model.Qos;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis goes away and comes back. */
class OutageTest {
    private final RedisFixture redis = RedisFixture.start(true);
    private DelayedFixture node;

    @BeforeEach
    void start() throws Exception {
        redis.command("CONFIG", "SET", "appendfsync", "always");
        node = new DelayedFixture(redis, "n1@test");
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        redis.close();
    }

    @Test
    void delayedMessages_waitForRedis() throws Exception {
        node.start().delay("first", 1000);
        redis.kill();
        Future<Answer> second = node.delay(node.message("second", Qos.EXACTLY_ONCE), 2000);
        Future<Answer> third = node.delay(node.message("third", Qos.AT_MOST_ONCE), 3000);
        redis.restart();
        assertThat(second.await(10, SECONDS)).isEqualTo(Answer.DONE);
        assertThat(third.await(10, SECONDS)).isEqualTo(Answer.DONE);
        for (String topic : new String[] {"first", "second", "third"}) {
            assertThat(node.nextDue().message().topic().value()).isEqualTo(topic);
        }
    }

    @Test
    void delayedMessages_areRefusedIfSoConfigured() throws Exception {
        node.start(DelayedFixture.MOST, true).delay("first", 1000);
        redis.kill();
        assertThatThrownBy(() -> node.delay("second", 1000)).isInstanceOf(EventFailedException.class);
    }
}
