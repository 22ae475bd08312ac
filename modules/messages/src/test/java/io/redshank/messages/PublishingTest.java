package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePublished;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PublishingTest {
    private final MessagesFixture fixture = new MessagesFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void publish_storesBodyIndexAndTtl() throws Exception {
        fixture.seed().start();
        Message message = fixture.message("t/1", "hello world");

        MessageId id = fixture.publish(message).await(5, SECONDS);

        assertThat(id).isEqualTo(message.id());
        assertThat(fixture.redis.hash("mqtt:msg:" + id))
                .isEqualTo(Map.of(
                        "id", id.value(),
                        "from", "publisher",
                        "qos", "1",
                        "topic", "t/1",
                        "retain", "false",
                        "payload", "hello world",
                        "ts", Long.toString(message.millis() / 1000)));
        assertThat((Long) fixture.redis.command("TTL", "mqtt:msg:" + id)).isBetween(3500L, 3600L);
        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t/1", "0", "-1", "WITHSCORES"))
                .isEqualTo(List.of(id.value(), "1"));
        assertThat(fixture.routed.poll(5, SECONDS)).isEqualTo(new MessageAccepted(message, null, true));
    }

    @Test
    void manyMessagesOnSeveralTopics_areLoggedInPublishOrder() throws Exception {
        fixture.seed().start();
        List<Future<MessageId>> published = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            published.add(fixture.publish(fixture.message("t/" + i % 3, "m" + i)));
        }
        Future.all(published).await(5, SECONDS);

        for (int topic = 0; topic < 3; topic++) {
            List<String> expected = new ArrayList<>();
            for (int i = topic; i < 200; i += 3) {
                expected.add(published.get(i).result().value());
            }
            assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t/" + topic, "0", "-1"))
                    .isEqualTo(expected);
        }
    }

    @Test
    void previousIds_chainTheLog() throws Exception {
        fixture.seed().start();
        List<Message> messages = new ArrayList<>();
        List<Future<MessageId>> published = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            messages.add(fixture.message("t", "m" + i));
            published.add(fixture.publish(messages.get(i)));
        }
        Future.all(published).await(5, SECONDS);

        MessageId last = null;
        for (Message message : messages) {
            MessageAccepted accepted = fixture.routed.poll(5, SECONDS);
            assertThat(accepted).isEqualTo(new MessageAccepted(message, last, true));
            last = message.id();
        }
    }

    @Test
    void sameEventAgain_staysOneMessage() throws Exception {
        fixture.seed().start();
        Message first = fixture.message("t", "first");
        Message second = fixture.message("t", "second");
        fixture.publish(first).await(5, SECONDS);
        fixture.publish(second).await(5, SECONDS);

        MessageId again = fixture.send(new MessagePublished(second, null, true)).await(5, SECONDS);
        MessageId oldAgain =
                fixture.send(new MessagePublished(first, null, true)).await(5, SECONDS);

        assertThat(again).isEqualTo(second.id());
        assertThat(oldAgain).isEqualTo(first.id());
        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .isEqualTo(List.of(first.id().value(), second.id().value()));
    }

    @Test
    void idThatIsNotAboveTheLogsLast_getsANewOneBehindIt() throws Exception {
        fixture.seed().start();
        Message early = fixture.message("t", "early");
        Message late = fixture.message("t", "late");
        fixture.redis.command("ZADD", "mqtt:msg:t", "1", late.id().value()); // another node was first

        MessageId id = fixture.publish(early).await(5, SECONDS);

        assertThat(id.isAfter(late.id())).isTrue();
        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .isEqualTo(List.of(late.id().value(), id.value()));
        MessageAccepted accepted = fixture.routed.poll(5, SECONDS);
        assertThat(accepted).isEqualTo(new MessageAccepted(early.withId(id), late.id(), true));
    }

    @Test
    void logOfForeignIdsAndScores_keepsItsOrderAndOursGoBehind() throws Exception {
        fixture.seed().start();
        fixture.redis.command("ZADD", "mqtt:msg:t", "1700000000000.5", "zzz", "1700000000001", "aaa");

        MessageId first = fixture.publish(fixture.message("t", "1")).await(5, SECONDS);
        MessageId second = fixture.publish(fixture.message("t", "2")).await(5, SECONDS);

        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .isEqualTo(List.of("zzz", "aaa", first.value(), second.value()));
    }

    @Test
    void idsOfAnOlderBrokerWithScore1_oursGoBehind() throws Exception {
        fixture.seed().start();
        fixture.redis.command("ZADD", "mqtt:msg:t", "1", "6P9NLcJ65VXBbC22sYb4");

        MessageId id = fixture.publish(fixture.message("t", "1")).await(5, SECONDS);

        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .isEqualTo(List.of("6P9NLcJ65VXBbC22sYb4", id.value()));
    }

    @Test
    void emptyRetainedMessage_isRoutedAndNotStored() throws Exception {
        fixture.seed().start();
        Message template = fixture.message("t", "");
        Message deleting = new Message(
                template.id(),
                template.from(),
                template.topic(),
                template.qos(),
                true,
                template.payload(),
                template.millis());

        fixture.publish(deleting).await(5, SECONDS);

        assertThat(fixture.redis.command("DBSIZE")).isEqualTo(0L);
        assertThat(fixture.routed.poll(5, SECONDS)).isEqualTo(new MessageAccepted(deleting, null, false));
    }

    @Test
    void commands_runAfterTheStoreAndAlsoAtQos0() throws Exception {
        fixture.seed()
                .command("t/#", "RPUSH pub:${topic} msgid payload")
                .command("t/#", "HSET last ${message}")
                .start();
        Message stored = fixture.message("t/1", "two words");
        fixture.publish(stored).await(5, SECONDS);
        Message fleeting = fixture.message("t/1", "x", Qos.AT_MOST_ONCE);
        fixture.publish(fleeting).await(5, SECONDS);

        assertThat(fixture.redis.command("LRANGE", "pub:t/1", "0", "-1"))
                .isEqualTo(
                        List.of(stored.id().value(), "two words", fleeting.id().value(), "x"));
        assertThat(fixture.redis.hash("last")).containsEntry("payload", "x").containsEntry("qos", "0");
        assertThat(fixture.redis.command("ZCARD", "mqtt:msg:t/1")).isEqualTo(1L);
    }

    @Test
    void failingCommand_touchesNothingElse() throws Exception {
        fixture.seed()
                .command("#", "HSET blocked ${topic} 1")
                .command("#", "INCR counter")
                .start();
        fixture.redis.command("SET", "blocked", "a string");

        MessageId id = fixture.publish(fixture.message("t", "m")).await(5, SECONDS);

        assertThat(fixture.redis.command("EXISTS", "mqtt:msg:" + id)).isEqualTo(1L);
        assertThat(fixture.redis.command("GET", "counter")).isEqualTo("1");
    }

    @Test
    void logKeyOfAnotherType_refusesThatTopicOnly() throws Exception {
        fixture.seed().start();
        fixture.redis.command("SET", "mqtt:msg:bad", "a string");
        Future<MessageId> bad = fixture.publish(fixture.message("bad", "m"));
        Future<MessageId> good = fixture.publish(fixture.message("good", "m"));

        assertThatThrownBy(() -> bad.await(5, SECONDS))
                .isInstanceOf(EventFailedException.class)
                .hasMessageContaining("WRONGTYPE");
        assertThat(good.await(5, SECONDS)).isNotNull();
        assertThat(fixture.routed.poll(5, SECONDS))
                .extracting(MessageAccepted::stored)
                .isEqualTo(true);
        assertThat(fixture.routed).isEmpty();
    }

    @Test
    void keepLatest_doesNotInheritProperties() throws Exception {
        fixture.hook(Hook.MESSAGE_PUBLISH, "latest/#", BackendFunction.ON_MESSAGE_STORE_KEEP_LATEST, 60)
                .start();
        fixture.redis.command(
                "HSET", "mqtt:latest_msg:latest/1", "props", "{\"contentType\":\"old\"}", "payload", "old");
        fixture.publish(fixture.message("latest/1", "new")).await(5, SECONDS);

        assertThat(fixture.redis.hash("mqtt:latest_msg:latest/1"))
                .containsEntry("payload", "new")
                .doesNotContainKey("props");
    }

    @Test
    void keepLatest_replacesTheOneBefore() throws Exception {
        fixture.hook(Hook.MESSAGE_PUBLISH, "latest/#", BackendFunction.ON_MESSAGE_STORE_KEEP_LATEST, 60)
                .hook(Hook.SESSION_SUBSCRIBED, "latest/#", BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST, 60)
                .start();
        fixture.publish(fixture.message("latest/1", "old")).await(5, SECONDS);
        fixture.publish(fixture.message("latest/1", "new")).await(5, SECONDS);

        assertThat(fixture.redis.hash("mqtt:latest_msg:latest/1")).containsEntry("payload", "new");
        assertThat((Long) fixture.redis.command("TTL", "mqtt:latest_msg:latest/1"))
                .isBetween(1L, 60L);
        assertThat(fixture.drain("c", "latest/1")).containsExactly("new");
    }

    @Test
    void redisKilledAndRestarted_nothingAcknowledgedEarlyAndOrderHolds() throws Exception {
        fixture.seed().start();
        fixture.publish(fixture.message("t", "warm")).await(5, SECONDS);
        fixture.redis.kill();
        List<Future<MessageId>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(fixture.publish(fixture.message("t", "m" + i)));
        }
        assertThat(waiting).noneMatch(Future::isComplete);

        fixture.redis.restart();
        Future.all(waiting).await(10, SECONDS);

        assertThat(fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .isEqualTo(waiting.stream().map(id -> id.result().value()).toList());
    }

    @Test
    void redisAwayAndRejecting_publishFailsAtOnce() throws Exception {
        fixture.seed().rejectingOnOutage().start();
        fixture.publish(fixture.message("t", "warm")).await(5, SECONDS);
        fixture.redis.kill();

        Future<MessageId> refused = fixture.publish(fixture.message("t", "m"));

        assertThatThrownBy(() -> refused.await(5, SECONDS)).hasMessageContaining("not available");
        fixture.redis.restart();
    }
}
