package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.SessionSubscribed;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions that one client at a time may have: live when they are claimed, and not before. */
class ExclusiveSubscriptionTest {
    private static final String FILTER = "$exclusive/t/+";

    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void claimedSubscription_getsTheMessagesOfItsTopics() throws Exception {
        try (RawMqtt client = broker.connect(5, "c").subscribed(FILTER, 1)) {
            assertThat(broker.backends.subscribed.next().subscription().filter().value())
                    .isEqualTo(FILTER);
            assertThat(broker.backends.lookups.next().filter().value()).isEqualTo("t/+");
            client.send(publish(5, "t/1", 0, 0, "m"));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("m");
            client.send(unsubscribe(5, 2, "t/+", FILTER)).expect(bytes(0xB0, 5, 0, 2, 0, 0x11, 0));
            assertThat(broker.backends.unsubscribed.next().filter().value()).isEqualTo(FILTER);
            client.send(publish(5, "t/1", 0, 0, "m")).expectNothing();
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 128", "5, 151"}) // 0x80, 0x97
    void subscriptionThatAnotherClientHas_isRefused(int version, int code) {
        broker.backends.subscribed.answering(event -> {
            throw new EventFailedException(EventFailure.TAKEN, "another client has it");
        });
        try (RawMqtt client = broker.connect(version, "c")) {
            RawPacket suback = client.send(subscribe(version, 1, FILTER, 1)).next(RawPacket.SUBACK);
            assertThat(suback.at(suback.body().length - 1)).isEqualTo(code);
            client.send(publish(version, "t/1", 0, 0, "m")).expectNothing();
        }
    }

    @Test
    void subscriptionThatIsNotClaimedYet_isNotLive_andNotAcknowledged() throws Exception {
        broker.backends.subscribed.holding(event -> true);
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(subscribe(5, 1, FILTER, 0));
            Stub.Asked<SessionSubscribed, Answer> asked = broker.backends.subscribed.nextHeld();
            broker.backends.accept(Messages.stored("t/1", 1));
            client.expectNothing();
            asked.answer();
            client.expect(bytes(0x90, 4, 0, 1, 0, 0));
            client.send(publish(5, "t/1", 0, 0, "live"));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("live");
        }
    }

    @Test
    void subscriptionGivenUpBeforeItIsClaimed_isNeverLive() throws Exception {
        broker.backends.subscribed.holding(event -> true);
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(subscribe(5, 1, FILTER, 0));
            Stub.Asked<SessionSubscribed, Answer> asked = broker.backends.subscribed.nextHeld();
            client.send(unsubscribe(5, 2, FILTER)).expect(bytes(0xB0, 4, 0, 2, 0, 0));
            asked.answer();
            client.next(RawPacket.SUBACK);
            client.send(publish(5, "t/1", 0, 0, "m")).expectNothing();
        }
    }

    @Test
    void sameTopicsAsUsualToo_staySubscribedWhenOneIsGivenUp() {
        try (RawMqtt client = broker.connect(5, "c").subscribed("t/+", 0).subscribed(FILTER, 0)) {
            client.send(publish(5, "t/1", 0, 0, "once"));
            client.next(RawPacket.PUBLISH);
            client.expectNothing();
            client.send(unsubscribe(5, 2, FILTER)).next(RawPacket.UNSUBACK);
            client.send(publish(5, "t/1", 0, 0, "still"));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("still");
        }
    }

    @Test
    void logOfTheTopic_isReadForAPersistingSession() throws Exception {
        ConnectPacket persisting = ConnectPacket.of(5, "c").expiry(100);
        try (RawMqtt client = broker.connect(5, persisting).subscribed("$exclusive/t", 1)) {
            assertThat(broker.backends.backlog.next().subscription().filter().value())
                    .isEqualTo("t");
            client.expectNothing();
        }
    }
}
