package io.redshank.acks;

import static io.redshank.acks.Backend.acked;
import static io.redshank.acks.Backend.commands;
import static io.redshank.acks.Backend.function;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.AcksAwaited;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.events.UnderwayNoted;
import io.redshank.events.UnderwaySettled;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.Hook;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.redis.UnderwayText;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is underway at QoS 2 is in Redis before its packets leave, and until its bookmark is. */
class InflightTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final ClientId CLIENT = new ClientId("c");
    private static final String KEY = "mqtt:inflight:c";
    private static final String FIRST = "0VtcGXyz1200abcd0001";
    private static final String SECOND = "0VtcGXyz1200abcd0002";

    @BeforeEach
    void clear() {
        REDIS.command("FLUSHALL");
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static Underway underway(long number, Underway.Stage stage) {
        return new Underway(
                number, 5, stage, Qos.EXACTLY_ONCE, false, true, new TopicName("t"), new MessageId(FIRST), null);
    }

    @CanIgnoreReturnValue
    private static Answer note(Backend backend, Underway underway) throws Exception {
        Promise<Answer> noted = Promise.promise();
        backend.turn(
                out -> out.request(EventTypes.UNDERWAY_NOTED, Concern.ACKS, new UnderwayNoted(CLIENT, underway, null))
                        .onComplete(noted));
        return noted.future().await(20, SECONDS);
    }

    private static void awaited(Backend backend) throws Exception {
        Promise<Answer> written = Promise.promise();
        backend.turn(out -> out.request(EventTypes.ACKS_AWAITED, Concern.ACKS, new AcksAwaited(CLIENT))
                .onComplete(written));
        assertThat(written.future().await(20, SECONDS)).isEqualTo(Answer.DONE);
    }

    private static MessageAcked again(String id) {
        MessageAcked event = acked("c", "t", id, id, true);
        return new MessageAcked(
                event.client(), event.username(), event.topic(), event.message(), event.bookmark(), true, 1, true);
    }

    @Test
    void noted_isWrittenWhenItIsAnswered() throws Exception {
        try (Backend backend = Backend.start(REDIS)) {
            assertThat(note(backend, underway(7, Underway.Stage.SENT))).isEqualTo(Answer.DONE);
            assertThat(REDIS.hash(KEY)).isEqualTo(Map.of("7", UnderwayText.write(underway(7, Underway.Stage.SENT))));
            assertThat((Long) REDIS.command("TTL", KEY)).isPositive();
            note(backend, underway(7, Underway.Stage.RELEASED));
            assertThat(REDIS.hash(KEY))
                    .isEqualTo(Map.of("7", UnderwayText.write(underway(7, Underway.Stage.RELEASED))));
        }
    }

    /** The settling was told before the bookmark was, in one batch, and yet is written after it. */
    @Test
    void settled_goesOnceTheBookmarkIsWritten() throws Exception {
        try (Backend backend = Backend.start(REDIS)) {
            note(backend, underway(7, Underway.Stage.RELEASED));
            backend.turn(out -> {
                out.send(EventTypes.UNDERWAY_SETTLED, Concern.ACKS, new UnderwaySettled(CLIENT, 7));
                out.send(EventTypes.MESSAGE_ACKED, Concern.ACKS, acked("c", "t", FIRST, FIRST, true));
            });
            awaited(backend);
            assertThat(REDIS.command("GET", "mqtt:acked:c:t")).isEqualTo(FIRST);
            assertThat(REDIS.command("EXISTS", KEY)).isEqualTo(0L);
        }
    }

    @Test
    void whatRedisDidNotTake_isWrittenWhenItIsBack() throws Exception {
        try (Backend backend = Backend.start(REDIS)) {
            note(backend, underway(6, Underway.Stage.SENT));
            REDIS.kill();
            Promise<List<Answer>> noted = Promise.promise();
            backend.turn(out -> Future.all(
                            out.request(
                                    EventTypes.UNDERWAY_NOTED,
                                    Concern.ACKS,
                                    new UnderwayNoted(CLIENT, underway(7, Underway.Stage.SENT), null)),
                            out.request(
                                    EventTypes.UNDERWAY_NOTED,
                                    Concern.ACKS,
                                    new UnderwayNoted(CLIENT, underway(7, Underway.Stage.RELEASED), null)))
                    .map(all -> all.<Answer>list())
                    .onComplete(noted));
            REDIS.restart();
            assertThat(noted.future().await(20, SECONDS)).hasSize(2);
            assertThat(REDIS.hash(KEY)).containsEntry("7", UnderwayText.write(underway(7, Underway.Stage.RELEASED)));
        }
    }

    /** Told again after a crash: the bookmark goes forward only, and commands are not run twice. */
    @Test
    void ackedAgain_movesTheBookmarkForwardOnly() throws Exception {
        try (Backend backend = Backend.start(
                REDIS,
                commands(Hook.MESSAGE_ACKED, "#", "INCR acks"),
                function(Hook.MESSAGE_ACKED, "#", BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE, "pool2"),
                function(Hook.MESSAGE_ACKED, "#", BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB, "pool1"))) {
            awaited(backend);
            REDIS.command("DEL", "acks");
            backend.send(again(SECOND));
            awaited(backend);
            assertThat(REDIS.command("GET", "mqtt:acked:c:t")).isEqualTo(SECOND);
            backend.send(again(FIRST));
            awaited(backend);
            assertThat(REDIS.command("GET", "mqtt:acked:c:t")).isEqualTo(SECOND);
            assertThat(REDIS.command("EXISTS", "acks")).isEqualTo(0L);
            REDIS.command("SET", "mqtt:acked:c:t", "of another form");
            backend.send(again(SECOND));
            awaited(backend);
            assertThat(REDIS.command("GET", "mqtt:acked:c:t")).isEqualTo("of another form");
        }
    }
}
