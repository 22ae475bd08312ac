package io.redshank.retained;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RetainedIndex;
import io.redshank.redis.RetainedMember;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class RetainedScanTest {
    private static final Logger log = LoggerFactory.getLogger(RetainedScanTest.class);
    private static final List<String> LEVELS =
            List.of("", "a", "b", "a-", "a.", "a b", "ab", "aa", "$", "$SYS", "%", "x", "é", "日本", "\u0001", "~", "z");

    private static RedisFixture redis;
    private static Vertx vertx;
    private static RedisLink link;

    @BeforeAll
    static void start() throws Exception {
        redis = RedisFixture.start();
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
        link = RedisLink.open(vertx, pool, List.of(RetainedScan.SCRIPT));
        link.up().await(5, SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().await(5, SECONDS);
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.command("FLUSHALL");
    }

    /** What a whole search found, and what it cost. */
    private record Search(List<String> topics, int steps, int calls) {}

    private static Search search(String filter, int pageSize) throws Exception {
        List<String> topics = new ArrayList<>();
        byte[] at = new byte[0];
        for (int calls = 1, steps = 0; ; calls++) {
            Response reply = link.send(RetainedScan.call(new TopicFilter(filter), at, pageSize))
                    .await(5, SECONDS);
            RetainedScan scan = RetainedScan.of(reply);
            scan.members().forEach(member -> topics.add(String.valueOf(RetainedMember.topicOf(member))));
            steps += scan.steps();
            if (scan.done()) {
                return new Search(topics, steps, calls);
            }
            assertThat(Arrays.compareUnsigned(scan.next(), at)).isPositive();
            at = scan.next();
        }
    }

    private static void index(Iterable<String> topics) throws Exception {
        List<byte[]> members = new ArrayList<>();
        topics.forEach(topic -> members.add(RetainedMember.of(new TopicName(topic))));
        assertThat(link.send(RetainedIndex.indexed(members)).await(5, SECONDS)).isNotNull();
    }

    @Test
    void randomTopicsAndFilters_agreeWithMatchingEach() throws Exception {
        long seed = System.nanoTime();
        log.info("Random topics [seed={}]", seed);
        Random random = new Random(seed);
        TreeSet<String> topics = new TreeSet<>();
        for (int i = 0; i < 600; i++) {
            String topic = levels(random, LEVELS, 5);
            if (!topic.isEmpty()) {
                topics.add(topic);
            }
        }
        index(topics);
        List<String> withPlus = new ArrayList<>(LEVELS);
        for (int i = 0; i < 12; i++) {
            withPlus.add("+");
        }
        for (int i = 0; i < 1_500; i++) {
            String filter = levels(random, withPlus, 5);
            if (random.nextInt(3) == 0) {
                filter = random.nextInt(8) == 0 ? "#" : filter + "/#";
            }
            if (filter.isEmpty()) {
                continue;
            }
            TopicFilter reference = new TopicFilter(filter);
            List<String> expected = topics.stream()
                    .filter(topic -> reference.matches(new TopicName(topic)))
                    .toList();
            assertThat(search(filter, 1 + random.nextInt(100)).topics())
                    .as("filter '%s', seed %d", filter, seed)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String levels(Random random, List<String> of, int max) {
        List<String> levels = new ArrayList<>();
        for (int i = 1 + random.nextInt(max); i > 0; i--) {
            levels.add(of.get(random.nextInt(of.size())));
        }
        return String.join("/", levels);
    }

    @ParameterizedTest
    @CsvSource({
        "sport/#, sport|sport/|sport/a|sport/a/b", // [MQTT-4.7.1-2] the parent level too
        "sport/+, sport/|sport/a", // [MQTT-4.7.1-3] one level, which may be empty
        "+/+, /finance|sport/|sport/a",
        "/+, /finance",
        "+, sport|sport-a",
        "#, /finance|sport|sport-a|sport/|sport/a|sport/a/b", // [MQTT-4.7.2-1]
        "+/monitor/#, ''", // [MQTT-4.7.2-1]
        "$SYS/#, $SYS/monitor/a",
        "$SYS/monitor/+, $SYS/monitor/a",
    })
    void filter_findsWhatTheSpecificationSays(String filter, String expected) throws Exception {
        index(List.of("sport", "sport/", "sport/a", "sport/a/b", "sport-a", "/finance", "$SYS/monitor/a"));
        assertThat(search(filter, 100).topics())
                .containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split("\\|"));
    }

    @Test
    void oneOfHundredTopicsOfEachSensor_costsTwoStepsEach() throws Exception {
        redis.command(
                "EVAL",
                "for i = 0, 999 do for j = 0, 99 do redis.call('ZADD', KEYS[1], 0, 'sensors\\0' .. i .. '\\0' .. "
                        + "(j == 50 and 'temp' or 'metric' .. j)) end end",
                "1",
                "mqtt:topics:retained");
        assertThat(redis.command("ZCARD", "mqtt:topics:retained")).isEqualTo(100_000L);
        Search search = search("sensors/+/temp", 100);
        assertThat(search.topics()).hasSize(1_000);
        assertThat(search.steps()).isLessThanOrEqualTo(2 * 1_000 + 2);
        assertThat(search.calls()).isLessThanOrEqualTo(11);
        assertThat(search("sensors/7/#", 100).steps()).isLessThanOrEqualTo(3);
        assertThat(search("sensors/+/none", 100).steps()).isLessThanOrEqualTo(2 * 1_000 + 2);
        assertThat(search("none/+/temp", 100).steps()).isLessThanOrEqualTo(2);
        assertThat(search("#", 500).steps()).isLessThanOrEqualTo(201);
    }

    @Test
    void filterOfManyLevels_isSearchedFor() throws Exception {
        index(List.of("a", "b/c"));
        assertThat(search("+" + "/x".repeat(20_000), 100).topics()).isEmpty();
    }
}
