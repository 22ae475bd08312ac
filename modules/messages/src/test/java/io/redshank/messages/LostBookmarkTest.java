package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Count;
import io.redshank.events.MessagePage;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bookmarks that are in no log any more: what is above them is given all the same, and they are counted. */
class LostBookmarkTest {
    private static final String TOPIC = "pubsub/1";
    /** An id of an EMQ 2.x broker, and two of EMQ X 3.x ones: no order is to be seen in those. */
    private static final String SORTING = "6P9NLcJ65VXBbC22sYb4";

    private static final String NOT_SORTING = "MzEzNTk0NzI4NzE3MDQ5MDQ5NDM5ODUxNjY2NzU5MTg0";

    private final MessagesFixture fixture = new MessagesFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.seed().start();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void bookmarkInTheLog_isNotCounted() throws Exception {
        List<MessageId> ids = publish(0, 3);
        bookmark(ids.get(0).value());

        assertThat(drain()).isEqualTo(payloads(1, 2));

        assertCounted(0, 0);
    }

    /** On a topic on which nothing has come for longer than bookmarks are kept. */
    @ParameterizedTest
    @ValueSource(strings = {TOPIC, "any/1"})
    void withoutBookmark_aSessionThatComesBackReadsFromItsSubscription(String topic) throws Exception {
        MessageId before = fixture.publish(fixture.message(topic, "m0")).await(5, SECONDS);
        MessageId first = fixture.publish(fixture.message(topic, "m1")).await(5, SECONDS);
        MessageId second = fixture.publish(fixture.message(topic, "m2")).await(5, SECONDS);

        MessagePage page = fixture.fetchAgain("c", topic, before).await(5, SECONDS);

        assertThat(page.messages()).extracting(Message::id).containsExactly(first, second);
        assertThat(fixture.redis.command("GET", "mqtt:acked:c:" + topic)).isEqualTo(before.value());
        assertThat((Long) fixture.redis.command("TTL", "mqtt:acked:c:" + topic)).isPositive();
        assertThat(fixture.fetchAgain("c", topic, second).await(5, SECONDS).messages())
                .as("the bookmark counts if there is one")
                .hasSize(2);
    }

    @Test
    void queue_isReadFromItsBeginning_whateverTheSubscription() throws Exception {
        MessageId first = fixture.publish(fixture.message("queue/1", "m0")).await(5, SECONDS);

        MessagePage page = fixture.fetchAgain("c", "queue/1", first).await(5, SECONDS);

        assertThat(page.messages()).extracting(Message::id).containsExactly(first);
    }

    @Test
    void bookmarkThatHasExpired_marksItsPlace() throws Exception {
        List<MessageId> ids = publish(0, 6);
        bookmark(ids.get(2).value());
        remove(ids, 1, 4);

        assertThat(drain()).isEqualTo(List.of("m4", "m5"));

        assertCounted(1, 0);
    }

    @Test
    void bookmarkBeforeAllThatIsLeft_givesAllThatIsLeft() throws Exception {
        List<MessageId> ids = publish(0, 150);
        bookmark(ids.get(2).value());
        remove(ids, 0, 20);

        assertThat(drain()).isEqualTo(payloads(20, 130));

        assertCounted(1, 0);
    }

    @Test
    void bookmarkBehindAllThatIsLeft_givesNothingTwice() throws Exception {
        List<MessageId> ids = publish(0, 3);
        bookmark(ids.get(2).value());
        remove(ids, 2, 3);

        assertThat(drain()).isEmpty();
        publish(3, 1);
        assertThat(drain()).isEqualTo(payloads(3, 1));
    }

    @Test
    void bookmarkOfAnEmptyLog_isNotCounted() throws Exception {
        List<MessageId> ids = publish(0, 1);
        bookmark(ids.get(0).value());
        remove(ids, 0, 1);

        assertThat(drain()).isEmpty();

        assertCounted(0, 0);
    }

    @Test
    void bookmark0_givesAll() throws Exception {
        publish(0, 3);
        bookmark("0");

        assertThat(drain()).isEqualTo(payloads(0, 3));

        assertCounted(1, 0);
    }

    @Test
    void emptyBookmark_isNone() throws Exception {
        publish(0, 3);
        bookmark("");

        assertThat(drain()).isEmpty();

        assertCounted(0, 0);
    }

    /** The last one has the form of ours, and claims a time in some thousand years. */
    @ParameterizedTest
    @ValueSource(strings = {"garbage", " ", "null", "undefined", NOT_SORTING, SORTING, "zzzzzzzzzzzzzzzzzzzz"})
    void bookmarkThatSaysNothing_givesAll(String damaged) throws Exception {
        publish(0, 3);
        bookmark(damaged);

        assertThat(drain()).isEqualTo(payloads(0, 3));

        assertCounted(1, 1);
    }

    @Test
    void bookmarkOfAnotherType_givesAll() throws Exception {
        publish(0, 3);
        fixture.redis.command("RPUSH", "mqtt:acked:c:" + TOPIC, "not a string");

        assertThat(drain()).isEqualTo(payloads(0, 3));

        assertCounted(1, 1);
    }

    @Test
    void originalsLog_isReadByTheOrderOfItsIds() throws Exception {
        for (int i = 0; i < 5; i++) {
            put("6P9NLcJ65VXBbC22sYb" + i, "m" + i, 1);
        }
        fixture.redis.command("ZREM", "mqtt:msg:" + TOPIC, "6P9NLcJ65VXBbC22sYb1", "6P9NLcJ65VXBbC22sYb2");
        bookmark("6P9NLcJ65VXBbC22sYb2");

        assertThat(drain()).isEqualTo(payloads(3, 2));

        assertCounted(1, 0);
    }

    @Test
    void originalsLogWithIdsInNoOrder_isReadFromABookmarkInIt_andElseAllOfIt() throws Exception {
        put(NOT_SORTING + "A", "m0", 1);
        put(NOT_SORTING + "B", "m1", 1);
        bookmark(NOT_SORTING + "A");
        assertThat(drain()).isEqualTo(payloads(1, 1));
        assertCounted(0, 0);

        bookmark(NOT_SORTING);
        assertThat(drain()).isEqualTo(payloads(0, 2));
        assertCounted(1, 1);
    }

    /** The original's ids first, by a lower score, and ours behind them. */
    @Test
    void logOfMixedScores_isReadFromABookmarkInIt_andElseAllOfIt() throws Exception {
        put(SORTING, "m0", 1);
        List<MessageId> ids = publish(1, 4);
        assertThat(fixture.redis.command(
                        "ZSCORE", "mqtt:msg:" + TOPIC, ids.get(0).value()))
                .isEqualTo("2");
        bookmark(ids.get(1).value());
        assertThat(drain()).isEqualTo(payloads(3, 2));
        bookmark("0");
        assertThat(drain()).as("0 is before all").isEqualTo(payloads(0, 5));
        assertCounted(1, 0);

        bookmark(ids.get(1).value());
        remove(ids, 1, 2);
        assertThat(drain()).as("rather than losing some").containsExactly("m0", "m1", "m3", "m4");
        assertCounted(2, 1);
    }

    @Test
    void placeBetweenTwoPages_isNotABookmark() throws Exception {
        List<MessageId> ids = publish(0, 150);
        bookmark(ids.get(0).value());
        MessagePage first = fixture.fetch("c", TOPIC, null).await(5, SECONDS);
        remove(ids, 0, 130);

        MessagePage second = fixture.fetch("c", TOPIC, first.cursor()).await(5, SECONDS);

        assertThat(first.messages()).hasSize(100);
        assertThat(second.messages().stream().map(MessagesFixture::text)).isEqualTo(payloads(130, 20));
        assertCounted(0, 0);
    }

    @Test
    void wildcards_beginAtTheirStart_whateverTheBookmarkIs() throws Exception {
        List<MessageId> ids = publish(0, 4);
        fixture.redis.command("RPUSH", "mqtt:acked:c:" + TOPIC, "not a string");

        MessagePage page = fixture.fetchFrom("c", TOPIC, ids.get(1)).await(5, SECONDS);

        assertThat(page.messages().stream().map(MessagesFixture::text)).isEqualTo(payloads(2, 2));
        assertCounted(1, 1);
    }

    private List<String> drain() throws Exception {
        return fixture.drain("c", TOPIC);
    }

    private void bookmark(String id) {
        fixture.redis.command("SET", "mqtt:acked:c:" + TOPIC, id);
    }

    /** As the sweep does when bodies have expired. */
    private void remove(List<MessageId> ids, int from, int to) {
        for (MessageId id : ids.subList(from, to)) {
            fixture.redis.command("DEL", "mqtt:msg:" + id);
            fixture.redis.command("ZREM", "mqtt:msg:" + TOPIC, id.value());
        }
    }

    private void put(String id, String payload, int score) {
        fixture.redis.command("HSET", "mqtt:msg:" + id, "topic", TOPIC, "payload", payload, "qos", "1");
        fixture.redis.command("ZADD", "mqtt:msg:" + TOPIC, Integer.toString(score), id);
    }

    private void assertCounted(long missing, long lost) throws Exception {
        assertThat(fixture.counts().values())
                .containsEntry(Count.BOOKMARKS_MISSING, missing)
                .containsEntry(Count.BOOKMARKS_LOST, lost);
    }

    @CanIgnoreReturnValue
    private List<MessageId> publish(int from, int count) throws Exception {
        List<MessageId> ids = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            ids.add(fixture.publish(fixture.message(TOPIC, "m" + i)).await(5, SECONDS));
        }
        return ids;
    }

    private static List<String> payloads(int from, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            payloads.add("m" + i);
        }
        return payloads;
    }
}
