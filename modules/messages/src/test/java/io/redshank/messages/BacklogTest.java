package io.redshank.messages;

import static io.redshank.messages.MessagesFixture.text;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.MessagePage;
import io.redshank.model.MessageId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BacklogTest {
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
    void queue_givesAllThatIsThere() throws Exception {
        publish("queue/1", 0, 250);

        assertThat(fixture.drain("c1", "queue/1")).isEqualTo(payloads(0, 250));
    }

    @Test
    void queue_goesOnWhileItsMessagesAreTakenAway() throws Exception {
        publish("queue/1", 0, 150);
        MessagePage first = fixture.fetch("c1", "queue/1", null).await(5, SECONDS);
        fixture.redis.command("DEL", "mqtt:msg:queue/1");
        publish("queue/1", 150, 10);

        MessagePage second = fixture.fetch("c1", "queue/1", first.cursor()).await(5, SECONDS);

        assertThat(first.messages()).hasSize(100);
        assertThat(second.messages().stream().map(MessagesFixture::text)).isEqualTo(payloads(150, 10));
    }

    @Test
    void pubsub_firstSubscriberGetsNoHistoryAndABookmarkAtTheEnd() throws Exception {
        List<MessageId> ids = publish("pubsub/1", 0, 3);

        assertThat(fixture.drain("c1", "pubsub/1")).isEmpty();

        assertThat(fixture.redis.command("GET", "mqtt:acked:c1:pubsub/1"))
                .isEqualTo(ids.get(2).value());
        assertThat((Long) fixture.redis.command("TTL", "mqtt:acked:c1:pubsub/1"))
                .isPositive();
    }

    @Test
    void pubsub_firstSubscriberOfAnEmptyTopicGetsWhatComesLater() throws Exception {
        assertThat(fixture.drain("c1", "pubsub/1")).isEmpty();
        assertThat(fixture.redis.command("GET", "mqtt:acked:c1:pubsub/1")).isEqualTo("0");
        publish("pubsub/1", 0, 3);

        assertThat(fixture.drain("c1", "pubsub/1")).isEqualTo(payloads(0, 3));
    }

    @Test
    void sessionThatComesBack_keepsItsBookmarks() throws Exception {
        List<MessageId> ids = publish("pubsub/1", 0, 2);
        for (String client : List.of("session", "visitor")) {
            fixture.redis.command(
                    "SET", "mqtt:acked:" + client + ":pubsub/1", ids.get(1).value(), "EX", "100");
        }

        assertThat(fixture.drain("session", "pubsub/1", true)).isEmpty();
        assertThat(fixture.drain("visitor", "pubsub/1", false)).isEmpty();

        assertThat((Long) fixture.redis.command("TTL", "mqtt:acked:session:pubsub/1"))
                .isGreaterThan(100L);
        assertThat((Long) fixture.redis.command("TTL", "mqtt:acked:visitor:pubsub/1"))
                .isLessThanOrEqualTo(100L);
    }

    @Test
    void pubsub_givesWhatIsBehindTheBookmark() throws Exception {
        List<MessageId> ids = publish("pubsub/1", 0, 5);
        fixture.redis.command("SET", "mqtt:acked:c1:pubsub/1", ids.get(1).value());

        assertThat(fixture.drain("c1", "pubsub/1")).isEqualTo(payloads(2, 3));
    }

    @Test
    void pubsub_bookmarkThatLeftTheLogStillMarksItsPlace() throws Exception {
        List<MessageId> ids = publish("pubsub/1", 0, 5);
        fixture.redis.command("SET", "mqtt:acked:c1:pubsub/1", ids.get(2).value());
        for (int i = 0; i < 3; i++) {
            fixture.redis.command("ZREM", "mqtt:msg:pubsub/1", ids.get(i).value());
        }

        assertThat(fixture.drain("c1", "pubsub/1")).isEqualTo(payloads(3, 2));
    }

    @Test
    void pubsub_damagedBookmarkLosesNothing() throws Exception {
        publish("pubsub/1", 0, 3);
        fixture.redis.command("SET", "mqtt:acked:c1:pubsub/1", "zzz not an id");
        fixture.redis.command("RPUSH", "mqtt:acked:c2:pubsub/1", "not a string");

        assertThat(fixture.drain("c1", "pubsub/1")).isEqualTo(payloads(0, 3));
        assertThat(fixture.drain("c2", "pubsub/1")).isEqualTo(payloads(0, 3));
    }

    @Test
    void logOfAnotherType_isRefused() {
        fixture.redis.command("SET", "mqtt:msg:queue/1", "not a log");

        assertThatThrownBy(() -> fixture.drain("c1", "queue/1")).hasMessageContaining("WRONGTYPE");
    }

    @Test
    void expiredBodies_areLeftOutAndTheirIdsDropped() throws Exception {
        List<MessageId> ids = publish("queue/1", 0, 4);
        fixture.redis.command("DEL", "mqtt:msg:" + ids.get(1));

        assertThat(fixture.drain("c1", "queue/1")).containsExactly("m0", "m2", "m3");

        fixture.fetch("c1", "queue/1", null).await(5, SECONDS); // on the same link, so the drop was before
        assertThat(fixture.redis.command(
                        "ZSCORE", "mqtt:msg:queue/1", ids.get(1).value()))
                .isNull();
    }

    @Test
    void damagedBody_isSkipped() throws Exception {
        List<MessageId> ids = publish("queue/1", 0, 3);
        fixture.redis.command("DEL", "mqtt:msg:" + ids.get(1));
        fixture.redis.command("SET", "mqtt:msg:" + ids.get(1), "not a hash");

        assertThat(fixture.drain("c1", "queue/1")).containsExactly("m0", "m2");
    }

    @Test
    void applicationsOwnMessage_isGivenInTheLogsOrder() throws Exception {
        publish("queue/1", 0, 1);
        fixture.redis.command("HSET", "mqtt:msg:mine", "topic", "queue/1", "payload", "app", "qos", "1");
        fixture.redis.command("ZADD", "mqtt:msg:queue/1", "2", "mine");
        publish("queue/1", 1, 1);

        assertThat(fixture.drain("c1", "queue/1")).containsExactly("m0", "app", "m1");
    }

    @Test
    void largeMessages_comeInSmallerPages() throws Exception {
        String large = "x".repeat(200_000);
        for (int i = 0; i < 60; i++) {
            fixture.publish(fixture.message("queue/1", large)).await(5, SECONDS);
        }

        MessagePage first = fixture.fetch("c1", "queue/1", null).await(5, SECONDS);

        assertThat(first.more()).isTrue();
        assertThat(first.messages()).hasSizeLessThan(60);
        assertThat(fixture.drain("c1", "queue/1")).hasSize(60);
    }

    @Test
    void cursorAtTheEnd_findsWhatCameAfterwards() throws Exception {
        publish("queue/1", 0, 2);
        MessagePage page = fixture.fetch("c1", "queue/1", null).await(5, SECONDS);
        publish("queue/1", 2, 2);

        MessagePage next = fixture.fetch("c1", "queue/1", page.cursor()).await(5, SECONDS);

        assertThat(page.more()).isFalse();
        assertThat(next.messages().stream().map(message -> text(message))).containsExactly("m2", "m3");
    }

    @Test
    void otherTopics_haveNoBacklog() throws Exception {
        publish("other", 0, 3);

        assertThat(fixture.drain("c1", "other")).isEmpty();
        assertThat(fixture.redis.command("EXISTS", "mqtt:acked:c1:other")).isEqualTo(0L);
    }

    @CanIgnoreReturnValue
    private List<MessageId> publish(String topic, int from, int count) throws Exception {
        List<Future<MessageId>> published = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            published.add(fixture.publish(fixture.message(topic, "m" + i)));
        }
        Future.all(published).await(5, SECONDS);
        return published.stream().map(Future::result).toList();
    }

    private static List<String> payloads(int from, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            payloads.add("m" + i);
        }
        return payloads;
    }
}
