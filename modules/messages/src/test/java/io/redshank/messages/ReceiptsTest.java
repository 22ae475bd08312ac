package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.MessagePublished;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.Eventually;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The packet ids of what sessions send at QoS 2 are remembered with their messages. */
class ReceiptsTest {
    private static final String KEY = "mqtt:received:publisher";

    private final MessagesFixture fixture = new MessagesFixture();

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @CanIgnoreReturnValue
    private MessageId publish(Message message, int packetId, boolean again) throws Exception {
        return fixture.send(new MessagePublished(message, null, packetId, again))
                .await(5, SECONDS);
    }

    private Message atQos2(String payload) {
        return fixture.message("t", payload, Qos.EXACTLY_ONCE);
    }

    @Test
    void packetId_isRememberedWithItsMessageUntilItIsReleased() throws Exception {
        fixture.seed().start();
        Message first = atQos2("first");
        Message second = atQos2("second");
        publish(first, 5, false);
        publish(second, 65_535, false);
        Eventually.isEqual(
                () -> fixture.redis.hash(KEY),
                Map.of("5", first.id().value(), "65535", second.id().value()));
        assertThat((Long) fixture.redis.command("TTL", KEY)).isPositive();

        assertThat(fixture.release(5).await(5, SECONDS)).isEqualTo(Answer.DONE);
        assertThat(fixture.redis.hash(KEY)).containsOnlyKeys("65535");
    }

    @Test
    void otherMessages_leaveNothing() throws Exception {
        fixture.seed().start();
        fixture.publish(atQos2("of no session")).await(5, SECONDS);
        assertThat(fixture.redis.command("EXISTS", KEY)).isEqualTo(0L);
    }

    /** It is the id that the log has in the end. */
    @Test
    void messageThatGetsANewId_isRememberedUnderThat() throws Exception {
        fixture.seed().start();
        Message early = atQos2("early");
        Message late = atQos2("late");
        fixture.redis.command("ZADD", "mqtt:msg:t", "1", late.id().value());
        MessageId id = publish(early, 5, false);
        assertThat(id).isNotEqualTo(early.id());
        Eventually.isEqual(() -> fixture.redis.hash(KEY), Map.of("5", id.value()));
    }

    /** A node was killed between the log and PUBREC. */
    @Test
    void sameMessageUnderItsRememberedId_isStoredOnce() throws Exception {
        fixture.seed().start();
        Message message = atQos2("once");
        publish(message, 5, false);
        publish(atQos2("later"), 6, false);
        assertThat(publish(message, 5, true)).isEqualTo(message.id());
        assertThat((List<?>) fixture.redis.command("ZRANGE", "mqtt:msg:t", "0", "-1"))
                .hasSize(2);
    }

    /** The mark of certainty comes late: the packet id is free, or another message's, by then. */
    @Test
    void lateMark_changesNothing() throws Exception {
        fixture.seed().start();
        Message message = atQos2("m");
        publish(message, 5, false);
        Eventually.isEqual(
                () -> fixture.redis.hash(KEY), Map.of("5", message.id().value()));
        fixture.release(5).await(5, SECONDS);
        assertThat(fixture.redis.command("EXISTS", KEY)).isEqualTo(0L);
        fixture.publish(fixture.message("t", "after")).await(5, SECONDS);
        assertThat(fixture.redis.command("EXISTS", KEY)).isEqualTo(0L);
    }

    /** Its packet id is free for the client. */
    @Test
    void messageThatIsRefused_isForgotten() throws Exception {
        fixture.seed().start();
        fixture.redis.command("SET", "mqtt:msg:t", "in the way");
        var refused = fixture.send(new MessagePublished(atQos2("m"), null, 5, false));
        Eventually.isTrue(refused::failed);
        Eventually.isEqual(() -> fixture.redis.command("EXISTS", KEY), 0L);
    }

    @Test
    void release_waitsForRedis() throws Exception {
        fixture.seed().start();
        publish(atQos2("m"), 5, false);
        fixture.redis.kill();
        var released = fixture.release(5);
        fixture.redis.restart();
        assertThat(released.await(20, SECONDS)).isEqualTo(Answer.DONE);
        assertThat(fixture.redis.hash(KEY)).doesNotContainKey("5");
    }
}
