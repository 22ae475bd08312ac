package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.redis.DueIndex.Taken;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DueIndexTest {
    private static final DueIndex INDEX = new DueIndex("due");
    private static final int MOST = 3;

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
        link = RedisLink.open(vertx, Pools.of(redis), DueIndex.SCRIPTS);
        link.up().await(5, SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        link.close().compose(closed -> vertx.close()).await(5, SECONDS);
    }

    @Test
    void take_answersWhatIsDueAndWhenTheNextIs() throws Exception {
        assertThat(take(100, 500, 10)).isEqualTo(new Taken(List.of(), Long.MAX_VALUE));
        redis.command("ZADD", "due", "100", "b", "50", "a", "101", "c");
        assertThat(take(100, 500, 10)).isEqualTo(new Taken(List.of("a", "b"), 101));
        assertThat(take(100, 500, 10)).isEqualTo(new Taken(List.of(), 101));
    }

    @Test
    void take_takesTheEarliestFirst() throws Exception {
        redis.command("ZADD", "due", "3", "c", "1", "a", "2", "b");
        assertThat(take(100, 500, 2)).isEqualTo(new Taken(List.of("a", "b"), 3));
        assertThat(take(100, 500, 2)).isEqualTo(new Taken(List.of("c"), 500));
    }

    @Test
    void take_ofWhatATakerDidNotFinish_succeedsWhenTheLeaseHasRunOut() throws Exception {
        redis.command("ZADD", "due", "1", "a");
        assertThat(take(1, 500, 10).members()).containsExactly("a");
        assertThat(take(499, 999, 10).members()).isEmpty();
        assertThat(take(500, 999, 10).members()).containsExactly("a");
    }

    @Test
    void take_readsTimesOfAnyLength() throws Exception {
        redis.command("ZADD", "due", "9007199254740991", "a");
        assertThat(take(1, 2, 10).nextMillis()).isEqualTo(9_007_199_254_740_991L);
    }

    @Test
    void add_keepsTheLimit() throws Exception {
        assertThat(number(INDEX.add("a", 1, MOST))).isEqualTo(1);
        assertThat(number(INDEX.add("b", 1, MOST))).isEqualTo(1);
        assertThat(number(INDEX.add("c", 1, MOST))).isEqualTo(1);
        assertThat(number(INDEX.add("d", 1, MOST))).isZero();
        assertThat(number(INDEX.add("a", 2, MOST))).as("a member already").isEqualTo(1);
        assertThat(redis.command("ZSCORE", "due", "a")).isEqualTo("2");
        assertThat(redis.command("ZCARD", "due")).isEqualTo(3L);
    }

    @Test
    void remove_leavesWhatWasGivenAnotherTime() throws Exception {
        redis.command("ZADD", "due", "1764011520123", "a");
        assertThat(number(INDEX.remove("a", 1_764_011_520_122L))).isZero();
        assertThat(number(INDEX.remove("b", 1_764_011_520_123L))).isZero();
        assertThat(number(INDEX.remove("a", 1_764_011_520_123L))).isEqualTo(1);
        assertThat(redis.command("EXISTS", "due")).isEqualTo(0L);
    }

    @Test
    void move_leavesWhatWasGivenAnotherTime() throws Exception {
        redis.command("ZADD", "due", "10", "a");
        assertThat(number(INDEX.move("a", 11, 5))).isZero();
        assertThat(number(INDEX.move("b", 10, 5))).isZero();
        assertThat(number(INDEX.move("a", 10, 5))).isEqualTo(1);
        assertThat(redis.command("ZSCORE", "due", "a")).isEqualTo("5");
        assertThat(redis.command("ZCARD", "due")).isEqualTo(1L);
    }

    private Taken take(long now, long lease, int most) throws Exception {
        return INDEX.take(link, now, lease, most).await(5, SECONDS);
    }

    private int number(Request request) throws Exception {
        var reply = link.send(request).await(5, SECONDS);
        return reply == null ? -1 : reply.toInteger();
    }
}
