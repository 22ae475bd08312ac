package io.redshank.retained;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetainedOutageTest {
    @Test
    void publishWhileRedisIsDead_isAnsweredWhenItIsBack_inOrder() throws Exception {
        try (RedisFixture redis = RedisFixture.start(true);
                RetainedHarness retained = new RetainedHarness(redis)) {
            retained.store("t", "before");
            redis.kill();
            Future<MessageId> first = retained.publish(retained.message("t", "first"));
            Future<MessageId> other = retained.publish(retained.message("u", "other"));
            Future<MessageId> gone = retained.publish(retained.message("gone", "x"));
            Future<MessageId> goneToo = retained.publish(retained.message("gone", ""));
            Message last = RetainedHarness.message(retained.nextId(), "t", "last", Qos.AT_MOST_ONCE);
            Future<MessageId> unacknowledged = retained.publish(last);
            assertThat(first.isComplete() || other.isComplete() || gone.isComplete())
                    .isFalse();
            redis.restart();
            assertThat(first.await(10, SECONDS)).isNotNull();
            assertThat(other.await(10, SECONDS)).isNotNull();
            assertThat(goneToo.await(10, SECONDS)).isNotNull();
            assertThat(unacknowledged.await(10, SECONDS)).isEqualTo(last.id());
            assertThat(redis.command("HGET", "mqtt:retain:t", "payload")).isEqualTo("last");
            assertThat(retained.topics("#")).containsExactly("t", "u");
        }
    }

    @Test
    void lookUpWhileRedisIsDead_isAnsweredWhenItIsBack() throws Exception {
        try (RedisFixture redis = RedisFixture.start(true);
                RetainedHarness retained = new RetainedHarness(redis)) {
            retained.store("a/b", "x");
            redis.kill();
            Future<MessageId> held = retained.publish(retained.message("a/c", "y"));
            redis.restart();
            assertThat(retained.topics("a/b")).containsExactly("a/b");
            assertThat(held.await(10, SECONDS)).isNotNull();
            assertThat(retained.topics("a/+")).containsExactly("a/b", "a/c");
        }
    }

    @Test
    void applicationIsHeardAgain_afterARestart() throws Exception {
        try (RedisFixture redis = RedisFixture.start(true);
                RetainedHarness retained = new RetainedHarness(redis)) {
            retained.store("a/b", "x");
            redis.restart();
            redis.command("HSET", "mqtt:retain:a/app", "id", "1", "topic", "a/app", "payload", "y");
            retained.awaitTopics("a/+", "a/app", "a/b");
        }
    }

    @Test
    void publishWhileRedisIsDead_isRejectedAtOnceIfSoConfigured() throws Exception {
        try (RedisFixture redis = RedisFixture.start(true);
                RetainedHarness retained = new RetainedHarness(redis, RetainedHarness.DEFAULT, true)) {
            RetainedHarness.eventually("accepted", () -> isAccepted(retained, "before"));
            redis.kill();
            for (String payload : List.of("one", "two")) {
                assertThatThrownBy(() -> retained.store("t", payload))
                        .isInstanceOf(EventFailedException.class)
                        .satisfies(failure -> assertThat(((EventFailedException) failure).failure())
                                .isEqualTo(EventFailure.UNAVAILABLE));
            }
            redis.restart();
            RetainedHarness.eventually("accepted again", () -> isAccepted(retained, "after"));
            assertThat(redis.command("HGET", "mqtt:retain:t", "payload")).isEqualTo("after");
        }
    }

    private static boolean isAccepted(RetainedHarness retained, String payload) {
        return retained.publish(retained.message("t", payload))
                .map(true)
                .otherwise(false)
                .await();
    }
}
