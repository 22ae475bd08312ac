package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.BacklogFetch;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message says which one is before it in its log, so that one that was lost on its way is noticed, and read from there. */
class GapTest {
    private final BrokerFixture broker = new BrokerFixture();
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        backends.backlog.holding(event -> false);
        broker.close();
    }

    private void accept(int number, int previous) throws Exception {
        @Nullable MessageId before = previous == 0 ? null : Messages.id(previous);
        backends.accept(new MessageAccepted(Messages.message("t", number, Qos.AT_LEAST_ONCE), before, true));
    }

    private static int next(RawMqtt client) {
        RawPacket packet = client.next(RawPacket.PUBLISH);
        client.send(puback(packet.packetId()));
        return Integer.parseInt(packet.payload(4));
    }

    /** What is behind the first message, which is acknowledged. */
    private static MessagePage log(BacklogFetch fetch) {
        return fetch.cursor() == null
                ? new MessagePage(Messages.range("t", 2, 5), "at 5", false)
                : new MessagePage(List.of(), "at 5", false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "#"})
    void missedMessages_areReadFromTheLogInOrder(String filter) throws Exception {
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            client.subscribed(filter, 1);
            accept(1, 0);
            accept(2, 1);
            assertThat(next(client)).isEqualTo(1);
            RawPacket unacknowledged = client.next(RawPacket.PUBLISH);
            assertThat(unacknowledged.payload(4)).isEqualTo("2");
            backends.backlog.answering(GapTest::log);
            accept(5, 4);
            client.send(puback(unacknowledged.packetId()));
            assertThat(next(client)).isEqualTo(3);
            assertThat(next(client)).isEqualTo(4);
            assertThat(next(client)).isEqualTo(5);
            accept(6, 5);
            assertThat(next(client)).isEqualTo(6);
            client.expectNothing();
        }
    }

    @Test
    void gapWhileTheLogIsRead_isReadWithIt() throws Exception {
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            accept(1, 0);
            backends.backlog.holding(event -> true);
            client.send(subscribe(4, 1, "t", 1));
            Stub.Asked<BacklogFetch, MessagePage> first = backends.backlog.nextHeld();
            accept(4, 3);
            first.answer(new MessagePage(Messages.range("t", 2, 2), "at 2", false));
            client.next(RawPacket.SUBACK);
            Stub.Asked<BacklogFetch, MessagePage> second = backends.backlog.nextHeld();
            assertThat(second.event().cursor()).isEqualTo("at 2");
            second.answer(new MessagePage(Messages.range("t", 3, 4), "at 4", false));
            assertThat(next(client)).isEqualTo(2);
            assertThat(next(client)).isEqualTo(3);
            assertThat(next(client)).isEqualTo(4);
            client.expectNothing();
        }
    }

    /** It has no place in the log, and takes what comes. */
    @Test
    void clientWithoutASession_getsWhatIsLate() throws Exception {
        try (RawMqtt client = broker.connect(4, "c")) {
            client.subscribed("t", 1);
            accept(1, 0);
            accept(3, 2);
            accept(2, 1);
            accept(3, 2);
            assertThat(next(client)).isEqualTo(1);
            assertThat(next(client)).isEqualTo(3);
            assertThat(next(client)).isEqualTo(2);
            client.expectNothing();
        }
    }
}
