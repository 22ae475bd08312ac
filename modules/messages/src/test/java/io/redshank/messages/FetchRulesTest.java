package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Count;
import io.redshank.events.MessagePage;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.Hook;
import io.redshank.hooks.LogWindow;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much of a log is given to whom, where entries of the hook table say so. */
class FetchRulesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final MessagesFixture fixture = new MessagesFixture();

    @BeforeEach
    void start() throws Exception {
        fixture.hook(Hook.MESSAGE_PUBLISH, "#", BackendFunction.ON_MESSAGE_PUBLISH, 86_400);
        pubsub("all/#", LogWindow.EVERYTHING, LogWindow.EVERYTHING);
        pubsub("last/#", LogWindow.last(3), LogWindow.EVERYTHING);
        pubsub("since/#", LogWindow.since(HOUR), LogWindow.EVERYTHING);
        pubsub("most/#", LogWindow.NOTHING, LogWindow.last(3));
        pubsub("recent/#", LogWindow.NOTHING, LogWindow.since(HOUR));
        pubsub("both/#", LogWindow.last(4), new LogWindow(5, HOUR));
        fixture.fetching(
                "queue/#",
                BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE,
                new FetchRules(LogWindow.EVERYTHING, LogWindow.last(2)));
        fixture.firstFetch(LogWindow.last(2)).start();
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 250})
    void firstFetchOfAll_givesTheHistory_andABookmarkBeforeIt(int count) throws Exception {
        publish("all/1", 0, count);

        assertThat(fixture.drain("c", "all/1")).isEqualTo(payloads(0, count));

        assertThat(bookmark("c", "all/1")).isEqualTo("0");
        publish("all/1", count, 1);
        assertThat(fixture.drain("c", "all/1")).as("not acknowledged").isEqualTo(payloads(0, count + 1));
    }

    @Test
    void firstFetchOfTheLast_givesSoMany_andABookmarkBeforeThem() throws Exception {
        List<MessageId> ids = publish("last/1", 0, 10);

        assertThat(fixture.drain("c", "last/1")).isEqualTo(payloads(7, 3));

        assertThat(bookmark("c", "last/1")).isEqualTo(ids.get(6).value());
        publish("last/1", 10, 3);
        assertThat(fixture.drain("c", "last/1")).as("with a bookmark, all").isEqualTo(payloads(7, 6));
        assertThat(counted(Count.BACKLOG_SKIPPED)).as("history is not owed").isZero();
    }

    @Test
    void firstFetchOfTheLast_ofAShortLog_givesAllOfIt() throws Exception {
        publish("last/1", 0, 2);

        assertThat(fixture.drain("c", "last/1")).isEqualTo(payloads(0, 2));

        assertThat(bookmark("c", "last/1")).isEqualTo("0");
    }

    @Test
    void firstFetchSince_givesWhatIsNotOlder() throws Exception {
        List<MessageId> old = old("since/1", 0, 5);
        publish("since/1", 5, 2);

        assertThat(fixture.drain("c", "since/1")).isEqualTo(payloads(5, 2));

        assertThat(bookmark("c", "since/1")).isEqualTo(old.get(4).value());
    }

    @Test
    void firstFetchSince_looksAtTheTimesOfAnApplicationsMessages() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        put("since/1", "b-old", "old", now - 7200);
        put("since/1", "a-new", "new", now - 60);
        put("since/1", "c-untold", "untold", 0);

        assertThat(fixture.drain("c", "since/1")).containsExactly("new", "untold");
    }

    @Test
    void sessionsWithoutAnEntry_haveTheDefault() throws Exception {
        publish("other", 0, 5);

        assertThat(fixture.drain("c", "other", true)).isEqualTo(payloads(3, 2));
    }

    @Test
    void mostReturned_areTheNewest_andTheOthersCounted() throws Exception {
        List<MessageId> ids = publish("most/1", 0, 10);
        setBookmark("c", "most/1", ids.get(1));

        assertThat(fixture.drain("c", "most/1")).isEqualTo(payloads(7, 3));

        assertThat(counted(Count.BACKLOG_SKIPPED)).isEqualTo(5);
        setBookmark("c", "most/1", ids.get(7));
        assertThat(fixture.drain("c", "most/1")).as("few enough").isEqualTo(payloads(8, 2));
        assertThat(counted(Count.BACKLOG_SKIPPED)).isEqualTo(5);
    }

    @Test
    void mostReturned_holdsForABacklog_andNotForWhatComesMeanwhile() throws Exception {
        List<MessageId> ids = publish("most/1", 0, 10);
        setBookmark("c", "most/1", ids.get(0));
        MessagePage first = fixture.fetch("c", "most/1", null).await(5, SECONDS);
        publish("most/1", 10, 5);

        MessagePage second = fixture.fetch("c", "most/1", first.cursor()).await(5, SECONDS);

        assertThat(first.messages()).hasSize(3);
        assertThat(second.messages().stream().map(MessagesFixture::text)).isEqualTo(payloads(10, 5));
    }

    @Test
    void mostReturnedOfAQueue_leaveTheOthersThere() throws Exception {
        publish("queue/1", 0, 5);

        assertThat(fixture.drain("c", "queue/1")).isEqualTo(payloads(3, 2));

        assertThat(fixture.redis.command("ZCARD", "mqtt:msg:queue/1")).isEqualTo(5L);
    }

    @Test
    void timeRange_leavesOutWhatIsOlder_andCountsIt() throws Exception {
        List<MessageId> old = old("recent/1", 0, 5);
        publish("recent/1", 5, 2);
        setBookmark("c", "recent/1", old.get(1));

        assertThat(fixture.drain("c", "recent/1")).isEqualTo(payloads(5, 2));

        assertThat(counted(Count.BACKLOG_SKIPPED)).isEqualTo(3);
    }

    @Test
    void timeRange_holdsOnEveryPage_ofALogWithMessagesOfOthers() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        for (int i = 0; i < 150; i++) {
            put("recent/1", "app-%03d".formatted(i), "m" + i, i < 120 ? now - 7200 : now - 60);
        }
        publish("recent/1", 150, 1);
        setBookmark("c", "recent/1", new MessageId("app-000"));

        assertThat(fixture.drain("c", "recent/1")).isEqualTo(payloads(120, 31));

        assertThat(counted(Count.BACKLOG_SKIPPED)).isEqualTo(119);
    }

    @Test
    void allRulesTogether_giveWhatAllAllow() throws Exception {
        old("both/1", 0, 3);
        publish("both/1", 3, 3);

        assertThat(fixture.drain("first", "both/1")).as("4 by number, 3 by age").isEqualTo(payloads(3, 3));
        publish("both/1", 6, 4);
        assertThat(fixture.drain("first", "both/1")).as("5 of 7").isEqualTo(payloads(5, 5));
    }

    @Test
    void wildcards_areBoundByTheSameRules() throws Exception {
        MessageId start = publish("most/1", 0, 1).get(0);
        publish("most/1", 1, 9);

        MessagePage page = fixture.fetchFrom("c", "most/1", start).await(5, SECONDS);

        assertThat(page.messages().stream().map(MessagesFixture::text)).isEqualTo(payloads(7, 3));
    }

    private void pubsub(String topic, LogWindow first, LogWindow each) {
        fixture.fetching(topic, BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB, new FetchRules(first, each));
    }

    private long counted(Count count) throws Exception {
        Long value = fixture.counts().get(count);
        return value == null ? -1 : value;
    }

    private Object bookmark(String client, String topic) {
        return String.valueOf(fixture.redis.command("GET", "mqtt:acked:" + client + ":" + topic));
    }

    private void setBookmark(String client, String topic, MessageId id) {
        fixture.redis.command("SET", "mqtt:acked:" + client + ":" + topic, id.value());
    }

    @CanIgnoreReturnValue
    private List<MessageId> publish(String topic, int from, int count) throws Exception {
        List<MessageId> ids = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            ids.add(fixture.publish(fixture.message(topic, "m" + i)).await(5, SECONDS));
        }
        return ids;
    }

    /** Messages of two hours ago, as a node of ours has left them. */
    @CanIgnoreReturnValue
    private List<MessageId> old(String topic, int from, int count) {
        List<MessageId> ids = new ArrayList<>();
        long then = System.currentTimeMillis() - 2 * HOUR.toMillis();
        for (int i = from; i < from + count; i++) {
            MessageId id = MessageClock.endOf(then + i);
            put(topic, id.value(), "m" + i, then / 1000);
            ids.add(id);
        }
        return ids;
    }

    private void put(String topic, String id, String payload, long ts) {
        fixture.redis.command(
                "HSET", "mqtt:msg:" + id, "topic", topic, "payload", payload, "qos", "1", "ts", Long.toString(ts));
        fixture.redis.command("ZADD", "mqtt:msg:" + topic, "1", id);
    }

    private static List<String> payloads(int from, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            payloads.add("m" + i);
        }
        return payloads;
    }
}
