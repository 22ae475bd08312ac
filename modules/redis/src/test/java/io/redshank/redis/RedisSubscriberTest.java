package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A channel of a real Redis. */
class RedisSubscriberTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private RedisFixture redis;
    private Vertx vertx;
    private RedisSubscriber subscriber;

    @BeforeEach
    void start() throws Exception {
        redis = RedisFixture.start();
        vertx = Vertx.vertx();
        subscriber = RedisSubscriber.open(vertx, Pools.of(redis), "mqtt_channel", body -> heard.add(body.toString()));
        subscriber.up().await(5, SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        subscriber.close().compose(closed -> vertx.close()).await(5, SECONDS);
        redis.close();
    }

    @Test
    void messages_areHeardInOrder() throws Exception {
        assertThat(redis.command("PUBLISH", "mqtt_channel", "one ü")).isEqualTo(1L);
        redis.command("PUBLISH", "other", "not for us");
        redis.command("PUBLISH", "mqtt_channel", "two");
        assertThat(heard.poll(5, SECONDS)).isEqualTo("one ü");
        assertThat(heard.poll(5, SECONDS)).isEqualTo("two");
    }

    @Test
    void serverThatComesBack_isSubscribedToAgain() throws Exception {
        redis.kill();
        redis.restart();
        // The subscriber may not have noticed yet that the old server is gone; then its old future counts as up.
        long start = System.nanoTime();
        while (Long.valueOf(0).equals(redis.command("PUBLISH", "mqtt_channel", "again"))
                && System.nanoTime() - start < SECONDS.toNanos(10)) {
            subscriber.up().await(10, SECONDS);
        }
        assertThat(heard.poll(5, SECONDS)).isEqualTo("again");
    }

    @Test
    void closedSubscriber_hearsNothing() throws Exception {
        subscriber.close().await(5, SECONDS);
        long start = System.nanoTime();
        while (!Long.valueOf(0).equals(redis.command("PUBLISH", "mqtt_channel", "late"))) {
            assertThat(System.nanoTime() - start).isLessThan(SECONDS.toNanos(5));
        }
    }
}
