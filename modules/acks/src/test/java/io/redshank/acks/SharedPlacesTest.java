package io.redshank.acks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.ShareCaughtUp;
import io.redshank.events.ShareClaim;
import io.redshank.events.ShareEnded;
import io.redshank.events.ShareFound;
import io.redshank.events.ShareMoved;
import io.redshank.events.ShareOpened;
import io.redshank.events.UnderwayNoted;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Redis keeps of a shared subscription: who deals it out, whose each QoS 2 message is, and how far it has come. */
class SharedPlacesTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final TopicFilter FILTER = new TopicFilter("$share/g/t/+");
    private static final TopicName TOPIC = new TopicName("t/1");
    private static final String KEY = "mqtt:share:$share/g/t/+";
    private static final String BOOKMARK = "mqtt:acked:$share/g/t/+:t/1";
    private static final ClientId ONE = new ClientId("one");
    private static final ClientId OTHER = new ClientId("other");
    private static final MessageId START = id(0);

    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        backend = Backend.start(REDIS);
    }

    @AfterEach
    void end() throws Exception {
        backend.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void opened_withoutASessionThatPersists_isNotKept() throws Exception {
        assertThat(open("a/0", 0, null)).isEqualTo(ShareFound.NONE);
        assertThat(REDIS.command("EXISTS", KEY)).isEqualTo(0L);
    }

    @Test
    void opened_withOne_isKeptForAllOwnersThatFollow() throws Exception {
        ShareFound first = open("a/0", 0, ONE);
        assertThat(first.fresh()).isTrue();
        assertThat(first.era()).isPositive();
        assertThat((Long) REDIS.command("TTL", KEY)).isPositive();
        assertThat(open("a/0", first.era(), OTHER).era()).as("one more member").isEqualTo(first.era());
        ShareFound next = open("b/1", 0, null);
        assertThat(next)
                .isEqualTo(
                        new ShareFound(first.era() + 1, false, true, START.value(), next.caughtUpMillis(), List.of()));
        assertThat(REDIS.hash(KEY)).containsEntry("owner", "b/1").containsEntry("members", "2");
    }

    @Test
    void claimed_isTheFirstOnesForGood() throws Exception {
        long era = open("a/0", 0, ONE).era();
        assertThat(claim(ONE, 1, id(1), era)).isEqualTo(Answer.DONE);
        assertThat(claim(ONE, 1, id(1), era)).as("sent again").isEqualTo(Answer.DONE);
        assertThat(REDIS.hash("mqtt:inflight:one")).containsOnlyKeys("1");
        assertRefused(EventFailure.TAKEN, OTHER, 1, id(1), era);
        assertRefused(EventFailure.TAKEN, ONE, 2, id(1), era);
        assertThat(REDIS.command("EXISTS", "mqtt:inflight:other")).isEqualTo(0L);
        assertThat(open("b/0", 0, null).given()).containsExactly(id(1));
    }

    @Test
    void claimOfAnEraBefore_isRefused() throws Exception {
        long era = open("a/0", 0, ONE).era();
        open("b/0", 0, null);
        assertRefused(EventFailure.REFUSED, ONE, 1, id(1), era);
        assertThat(claim(OTHER, 1, id(1), era + 1)).isEqualTo(Answer.DONE);
    }

    /** Many moves in one turn are one write, of the last one, and only behind that is a message's owner forgotten. */
    @Test
    void moved_writesTheBookmark_andThenForgetsWhatIsBehind() throws Exception {
        long era = open("a/0", 0, ONE).era();
        claim(ONE, 1, id(1), era);
        claim(ONE, 2, id(2), era);
        backend.turn(out -> {
            for (int i = 1; i <= 50; i++) {
                List<MessageId> given = i == 1 ? List.of(id(1)) : List.of();
                out.send(EventTypes.SHARE_MOVED, Concern.ACKS, new ShareMoved(FILTER, TOPIC, id(i), given));
            }
        });
        Eventually.isEqual(() -> REDIS.command("GET", BOOKMARK), id(50).value());
        Eventually.isEqual(
                () -> REDIS.hash(KEY).keySet().stream()
                        .filter(field -> field.startsWith("to:"))
                        .toList(),
                List.of("to:" + id(2)));
        backend.turn(out ->
                out.send(EventTypes.SHARE_MOVED, Concern.ACKS, new ShareMoved(FILTER, TOPIC, id(3), List.of(id(2)))));
        Eventually.isEqual(() -> REDIS.hash(KEY).containsKey("to:" + id(2)), false);
        assertThat(REDIS.command("GET", BOOKMARK)).as("never backwards").isEqualTo(id(50).value());
    }

    @Test
    void caughtUp_isWrittenByTheOwnerOnly() throws Exception {
        long era = open("a/0", 0, ONE).era();
        claim(ONE, 1, id(1), era);
        assertThat(caughtUp(era, 77)).isEqualTo(era);
        assertThat(REDIS.hash(KEY)).containsEntry("caught_up", "77").doesNotContainKey("to:" + id(1));
        long next = open("b/0", 0, null).era();
        assertThat(caughtUp(era, 99)).isEqualTo(next);
        assertThat(REDIS.hash(KEY)).containsEntry("caught_up", "77");
        REDIS.command("DEL", KEY);
        assertThat(caughtUp(era, 99)).isZero();
        assertThat(REDIS.command("EXISTS", KEY)).isEqualTo(0L);
    }

    @Test
    void ended_takesBookmarksAlong() throws Exception {
        backend.turn(out -> {
            out.send(EventTypes.SHARE_MOVED, Concern.ACKS, new ShareMoved(FILTER, TOPIC, id(1), List.of()));
            out.send(EventTypes.SHARE_ENDED, Concern.ACKS, new ShareEnded(FILTER, List.of(TOPIC)));
        });
        open("a/0", 0, ONE); // behind that
        Eventually.isEqual(() -> Set.copyOf((List<?>) REDIS.command("KEYS", "*")), Set.of(KEY));
    }

    private void assertRefused(EventFailure why, ClientId client, long number, MessageId id, long era) {
        assertThatThrownBy(() -> claim(client, number, id, era))
                .isInstanceOfSatisfying(
                        EventFailedException.class,
                        failed -> assertThat(failed.failure()).isEqualTo(why));
    }

    @CanIgnoreReturnValue
    private ShareFound open(String owner, long era, @Nullable ClientId member) throws Exception {
        return answer(out -> out.request(
                EventTypes.SHARE_OPENED, Concern.ACKS, new ShareOpened(FILTER, owner, era, member, START, 1000)));
    }

    @CanIgnoreReturnValue
    private Answer claim(ClientId client, long number, MessageId id, long era) throws Exception {
        Underway underway =
                new Underway(number, 5, Underway.Stage.SENT, Qos.EXACTLY_ONCE, false, false, TOPIC, id, null);
        return answer(out -> out.request(
                EventTypes.UNDERWAY_NOTED,
                Concern.ACKS,
                new UnderwayNoted(client, underway, new ShareClaim(FILTER, era, false))));
    }

    private long caughtUp(long era, long millis) throws Exception {
        return answer(out -> out.request(
                EventTypes.SHARE_CAUGHT_UP, Concern.ACKS, new ShareCaughtUp(FILTER, era, millis, List.of(id(1)))));
    }

    private <T> T answer(Function<EventOutbox, Future<T>> question) throws Exception {
        Promise<T> answer = Promise.promise();
        backend.turn(out -> question.apply(out).onComplete(answer));
        return answer.future().await(20, SECONDS);
    }

    private static MessageId id(int number) {
        return new MessageId("0VtcGXyz1200abcd%04d".formatted(number));
    }
}
