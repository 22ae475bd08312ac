package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.AppendedLookup;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagesFetch;
import io.redshank.events.TopicPage;
import io.redshank.model.ClientId;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a subscription with wildcards asks for: topics by the time of their last append, and the logs behind its start. */
class AppendedTopicsTest {
    private static final String INDEX = "mqtt:topics:log";

    private final MessagesFixture fixture = new MessagesFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.seed().start();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private void index(long millis, String topic) {
        fixture.redis.command("ZADD", INDEX, Long.toString(millis), topic);
    }

    private TopicPage page(long since, long until, @Nullable String cursor, String... filters) throws Exception {
        List<TopicFilter> wanted =
                List.of(filters).stream().map(TopicFilter::new).toList();
        return fixture.topics(new AppendedLookup(new ClientId("c"), wanted, since, until, cursor))
                .await(5, SECONDS);
    }

    private List<String> all(long since, long until, String... filters) throws Exception {
        List<String> topics = new ArrayList<>();
        String cursor = null;
        do {
            TopicPage page = page(since, until, cursor, filters);
            page.topics().forEach(topic -> topics.add(topic.value()));
            cursor = page.cursor();
        } while (cursor != null);
        return topics;
    }

    @Test
    void publishedTopics_areFound() throws Exception {
        long before = System.currentTimeMillis();
        fixture.publish(fixture.message("a/b", "x")).await(5, SECONDS);
        fixture.publish(fixture.message("a/c", "x")).await(5, SECONDS);
        fixture.publish(fixture.message("d", "x")).await(5, SECONDS);
        long after = System.currentTimeMillis();
        assertThat(all(before, after, "a/+")).containsExactlyInAnyOrder("a/b", "a/c");
        assertThat(all(before, after, "a/b/#", "#", "+")).containsExactlyInAnyOrder("a/b", "a/c", "d");
        assertThat(all(after + 1, after + 1000, "#")).isEmpty();
    }

    @Test
    void span_isInclusiveAndInOrder() throws Exception {
        for (int i = 1; i <= 9; i++) {
            index(1000 + i, "t" + i);
        }
        assertThat(all(1004, 1005, "#")).startsWith("t4", "t5").doesNotContain("t3", "t7", "t8", "t9");
        assertThat(all(1001, 1009, "#")).hasSize(9).isSorted();
    }

    /** [MQTT-4.7.2-1] */
    @Test
    void dollarTopics_areNotMatchedByWildcardsInFront() throws Exception {
        index(1000, "$x/y");
        index(1000, "x/y");
        assertThat(all(1000, 1000, "#", "+/y")).containsExactly("x/y");
    }

    @Test
    void manyTopicsOfOneTime_comePageByPage() throws Exception {
        for (int i = 0; i < 1200; i++) {
            index(5000, "many/ü " + i);
        }
        index(4999, "many/before");
        index(5001, "many/behind");
        List<String> topics = all(5000, 6000, "many/#");
        assertThat(topics).hasSize(1201).contains("many/behind").doesNotContain("many/before");
        assertThat(new HashSet<>(topics)).hasSize(1201);
    }

    /** What is appended to while it is looked for is found, again or at last. */
    @Test
    void topicsThatMove_areNotMissed() throws Exception {
        for (int i = 0; i < 600; i++) {
            index(5000 + i, "t" + i);
        }
        TopicPage first = page(5000, 9000, null, "#");
        TopicName last = first.topics().get(first.topics().size() - 1);
        index(8000, last.value());
        index(8001, "t599");
        index(8002, "t0");
        HashSet<String> found = new HashSet<>();
        first.topics().forEach(topic -> found.add(topic.value()));
        String cursor = first.cursor();
        while (cursor != null) {
            TopicPage next = page(5000, 9000, cursor, "#");
            next.topics().forEach(topic -> found.add(topic.value()));
            cursor = next.cursor();
        }
        assertThat(found).hasSize(600);
    }

    /** Most of them share a reading; each gets what it asked for. */
    @Test
    void manyAtOnce_getWhatTheyAskFor() throws Exception {
        for (int i = 0; i < 700; i++) {
            index(5000 + i, "many/" + i + "/x");
        }
        List<Future<List<String>>> walks = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            walks.add(walk("many/" + i + "/#", null, new ArrayList<>()));
        }
        walks.add(walk("many/+/x", null, new ArrayList<>()));
        for (int i = 0; i < 200; i++) {
            assertThat(walks.get(i).await(10, SECONDS))
                    .contains("many/" + i + "/x")
                    .allMatch(("many/" + i + "/x")::equals);
        }
        assertThat(new HashSet<>(walks.get(200).await(10, SECONDS))).hasSize(700);
    }

    private Future<List<String>> walk(String filter, @Nullable String cursor, List<String> found) {
        AppendedLookup lookup =
                new AppendedLookup(new ClientId("c"), List.of(new TopicFilter(filter)), 5000, 9000, cursor);
        return fixture.topics(lookup).compose(page -> {
            page.topics().forEach(topic -> found.add(topic.value()));
            return page.cursor() == null ? Future.succeededFuture(found) : walk(filter, page.cursor(), found);
        });
    }

    @Test
    void damagedIndex_isRefused() {
        fixture.redis.command("SET", INDEX, "no index");
        assertThatThrownBy(() -> all(0, 1, "#")).hasMessageContaining("WRONGTYPE");
    }

    @Test
    void log_isReadBehindTheStartWithoutABookmark() throws Exception {
        fixture.publish(fixture.message("a/b", "before")).await(5, SECONDS);
        MessageId start = MessageClock.endOf(System.currentTimeMillis());
        while (!fixture.clock.next().isAfter(start)) {
            Thread.onSpinWait();
        }
        MessageId first = fixture.publish(fixture.message("a/b", "m1")).await(5, SECONDS);
        fixture.publish(fixture.message("a/b", "m2")).await(5, SECONDS);
        assertThat(from(start)).containsExactly("m1", "m2");
        assertThat(fixture.redis.command("EXISTS", "mqtt:acked:c:a/b")).isEqualTo(0L);

        fixture.redis.command("SET", "mqtt:acked:c:a/b", first.value());
        assertThat(from(start)).as("behind the bookmark").containsExactly("m2");
        fixture.redis.command("SET", "mqtt:acked:c:a/b", "0");
        assertThat(from(start)).as("an older bookmark").containsExactly("m1", "m2");
    }

    private List<String> from(MessageId start) throws Exception {
        MessagePage page = fixture.fetchFrom("c", "a/b", start).await(5, SECONDS);
        assertThat(page.more()).isFalse();
        return page.messages().stream().map(MessagesFixture::text).toList();
    }

    @Test
    void queue_isReadBehindTheStartToo() throws Exception {
        MessageId first = fixture.publish(fixture.message("queue/1", "m0")).await(5, SECONDS);
        fixture.publish(fixture.message("queue/1", "m1")).await(5, SECONDS);
        MessagePage page = fixture.fetchFrom("c", "queue/1", first).await(5, SECONDS);
        assertThat(page.messages().stream().map(MessagesFixture::text)).containsExactly("m1");
    }

    @Test
    void storedMessages_areReadByTheirIds() throws Exception {
        MessageId first = fixture.publish(fixture.message("a", "m0")).await(5, SECONDS);
        MessageId second = fixture.publish(fixture.message("b", "m1")).await(5, SECONDS);
        TopicName topic = new TopicName("a");
        MessagePage page = fixture.stored(
                        new MessagesFetch.Wanted(new TopicName("b"), second, true),
                        new MessagesFetch.Wanted(topic, new MessageId("gone"), true),
                        new MessagesFetch.Wanted(topic, first, false))
                .await(5, SECONDS);
        assertThat(page.messages().stream().map(MessagesFixture::text)).containsExactlyInAnyOrder("m0", "m1");
    }
}
