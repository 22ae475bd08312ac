package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.TopicFilter;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The index of topics, read once for all who ask at the same time. */
class RecentTopicsTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final long NOW = System.currentTimeMillis();

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private RecentTopics topics;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        topics = recent(5_000);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(20, SECONDS);
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private RecentTopics recent(int most) throws Exception {
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(REDIS.host(), REDIS.port())),
                null,
                8,
                0,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(2));
        return on(() -> {
            RedisLinks links = new RedisLinks(vertx, List.of(pool), List.of(AppendedTopics.PAGE));
            return links.upSoon().map(up -> new RecentTopics(links.to("pool1"), most));
        });
    }

    private <T> T on(Supplier<Future<T>> work) throws Exception {
        Promise<T> promise = Promise.promise();
        context.runOnContext(turn -> work.get().onComplete(promise));
        return promise.future().await(10, SECONDS);
    }

    private static void index(long millis, String topic) {
        REDIS.command("ZADD", "mqtt:topics:log", Long.toString(millis), topic);
    }

    private boolean know(long since) throws Exception {
        return on(() -> topics.know(since));
    }

    private List<String> find(long since, long until, String... filters) {
        List<TopicFilter> wanted =
                List.of(filters).stream().map(TopicFilter::new).toList();
        List<String> found = new ArrayList<>();
        for (RecentTopics.Place place = RecentTopics.Place.BEGINNING; place != null; ) {
            RecentTopics.Found page = topics.find(wanted, since, until, place);
            found.addAll(page.topics());
            place = page.next();
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "a/#, 'a a/b a/b/c'",
        "a/+, 'a/b'",
        "a/b, 'a/b'",
        "+, 'a a! a0'",
        "#, 'a a! a/b a/b/c a0 z/b'",
        "+/b, 'a/b z/b'",
        "y/#, ''"
    })
    void filters_findWhatTheyMatch(String filter, String expected) throws Exception {
        for (String topic : List.of("a", "a!", "a0", "a/b", "a/b/c", "z/b", "$a/b")) {
            index(NOW, topic);
        }
        index(NOW, "no+topic");
        assertThat(know(NOW)).isTrue();
        assertThat(find(NOW, NOW, filter))
                .containsExactlyElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @Test
    void span_isInclusive() throws Exception {
        for (int i = 0; i < 5; i++) {
            index(NOW + i, "t" + i);
        }
        assertThat(know(NOW)).isTrue();
        assertThat(find(NOW + 1, NOW + 3, "#")).containsExactly("t1", "t2", "t3");
    }

    @Test
    void manyTopics_comePageByPage() throws Exception {
        for (int i = 0; i < 2_600; i++) {
            index(NOW, "many/" + i);
        }
        assertThat(know(NOW)).isTrue();
        assertThat(find(NOW, NOW, "many/+", "many/7/#")).hasSize(2_601).contains("many/2599");
    }

    @Test
    void whatCameSince_isKnownToWhoAsksAfterIt() throws Exception {
        index(NOW, "first");
        assertThat(know(NOW)).isTrue();
        index(System.currentTimeMillis(), "second");
        assertThat(know(NOW)).isTrue();
        assertThat(find(NOW, Long.MAX_VALUE, "#")).containsExactly("first", "second");
    }

    @Test
    void earlierTime_isReadAnew() throws Exception {
        index(NOW - 100_000, "early");
        index(NOW, "late");
        assertThat(know(NOW)).isTrue();
        assertThat(topics.covers(NOW - 100_000)).isFalse();
        assertThat(know(NOW - 100_000)).isTrue();
        assertThat(find(NOW - 100_000, NOW, "#")).containsExactly("early", "late");
        assertThat(topics.covers(NOW)).isTrue();
    }

    @Test
    void manyAtOnce_shareAReading() throws Exception {
        for (int i = 0; i < 100; i++) {
            index(NOW, "t" + i);
        }
        assertThat(know(NOW)).isTrue();
        REDIS.command("CONFIG", "RESETSTAT");
        List<Boolean> all = on(() -> Future.all(
                        Stream.generate(() -> topics.know(NOW)).limit(1_000).toList())
                .map(known -> known.<Boolean>list()));
        assertThat(all).hasSize(1_000).doesNotContain(false);
        assertThat(String.valueOf(REDIS.command("INFO", "commandstats"))).contains("cmdstat_evalsha:calls=2,");
    }

    @Test
    void moreThanThereIsRoomFor_isNotHeld() throws Exception {
        topics = recent(50);
        for (int i = 0; i < 51; i++) {
            index(NOW, "t" + i);
        }
        assertThat(know(NOW)).isFalse();
        assertThat(topics.covers(NOW)).isFalse();
        assertThat(know(NOW + 1)).isTrue();
        assertThat(find(NOW + 1, NOW + 1, "#")).isEmpty();
    }

    @Test
    void damagedIndex_failsAndMayBeMended() throws Exception {
        REDIS.command("SET", "mqtt:topics:log", "no index");
        assertThatThrownBy(() -> know(NOW)).hasMessageContaining("WRONGTYPE");
        REDIS.command("DEL", "mqtt:topics:log");
        index(NOW, "t");
        assertThat(know(NOW)).isTrue();
        assertThat(find(NOW, NOW, "#")).containsExactly("t");
    }
}
