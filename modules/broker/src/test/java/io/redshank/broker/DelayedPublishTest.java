package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.topics.InvalidRuleException;
import io.redshank.broker.topics.RewriteRule;
import io.redshank.broker.topics.TopicPattern;
import io.redshank.broker.topics.TopicRules;
import io.redshank.broker.topics.TopicTemplate;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageDelayed;
import io.redshank.events.MessageDue;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published to {@code $delayed/…}, and what becomes of it when it is due. */
class DelayedPublishTest {
    private static final MessageId OLD = new MessageId("00000000000000000001");

    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void delayedPublish_isAcknowledgedWhenItIsStored(int version) throws Exception {
        broker.backends.delayed.holding(event -> true);
        try (RawMqtt client = broker.connect(version, "p")) {
            client.send(publish(version, "$delayed/15/a/b", 1, 7, "later"), publish(version, "now", 1, 8, "now"));
            var stored = broker.backends.delayed.nextHeld();
            broker.backends.published.next();
            client.expectNothing(); // acknowledgements leave in the order of the messages [MQTT-4.6.0-2]
            stored.answer();
            client.expect(bytes(0x40, 2, 0, 7)).expect(bytes(0x40, 2, 0, 8));
            client.send(publish(version, "$delayed/15/a/b", 2, 9, "later"));
            broker.backends.delayed.nextHeld().answer();
            client.expect(bytes(0x50, 2, 0, 9));
        }
        assertThat(broker.backends.published.all()).hasSize(1);
    }

    @Test
    void delayedPublish_isStoredForItsTopic() throws Exception {
        long before = System.currentTimeMillis();
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "p").username("u"))) {
            byte[] contentType = join(bytes(3), string("text/x"));
            client.send(publish(5, 0x33, "$delayed/15//a", 7, bytes('x', 'y'), contentType));
            client.next(RawPacket.PUBACK);
        }
        MessageDelayed event = broker.backends.delayed.next();
        Message message = event.message();
        assertThat(message.topic().value()).isEqualTo("/a");
        assertThat(message.from().value()).isEqualTo("p");
        assertThat(message.qos()).isEqualTo(Qos.AT_LEAST_ONCE);
        assertThat(message.retain()).isTrue();
        assertThat(message.payload()).isEqualTo(Payload.of(bytes('x', 'y')));
        assertThat(message.properties().contentType()).isEqualTo("text/x");
        assertThat(event.username()).isEqualTo("u");
        assertThat(message.millis()).isBetween(before, System.currentTimeMillis());
        assertThat(event.dueMillis()).isEqualTo(message.millis() + 15_000);
        assertThat(broker.backends.retained.all()).isEmpty();
    }

    @Test
    void delayedPublishAtQos0_isStoredAndReachesNobody() throws Exception {
        try (RawMqtt watcher = broker.connect(4, "w").subscribed("$delayed/#", 0);
                RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "$delayed/1/a", 0, 0, "later")).expectNothing();
            assertThat(broker.backends.delayed.next().message().qos()).isEqualTo(Qos.AT_MOST_ONCE);
            watcher.expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$delayed/x/a", "$delayed/5", "$delayed/5/", "$delayed/4294968/a"})
    void malformedDelay_isRefused(String topic) {
        try (RawMqtt client = broker.connect(5, "p")) {
            assertRefused(client.send(publish(5, topic, 1, 7, "a")).next(), 0x40, 7, 0x90);
            assertRefused(client.send(publish(5, topic, 2, 8, "a")).next(), 0x50, 8, 0x90);
            client.send(publish(5, topic, 0, 0, "a")).expectDisconnect(0x90);
        }
        try (RawMqtt client = broker.connect(4, "p");
                LogLines log = LogLines.capture()) {
            client.send(publish(4, topic, 1, 7, "a")).expectClosed();
            log.expectOne("topic name");
        }
        assertThat(broker.backends.delayed.all()).isEmpty();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void delayedPublishToTheBrokersOwnTopics_isRefused() {
        try (RawMqtt client = broker.connect(5, "p")) {
            assertRefused(
                    client.send(publish(5, "$delayed/1/$SYS/x", 1, 7, "a")).next(), 0x40, 7, 0x87);
        }
        assertThat(broker.backends.delayed.all()).isEmpty();
    }

    @Test
    void rewriting_isForTheTopicBehindTheDelay() throws Exception {
        try (BrokerFixture rewriting = new BrokerFixture()
                        .topics(rule("x/#", "^x/(.*)$", "y/$1"))
                        .start();
                RawMqtt client = rewriting.connect(4, "p")) {
            client.send(publish(4, "$delayed/9/x/1", 1, 7, "a")).next(RawPacket.PUBACK);
            MessageDelayed event = rewriting.backends.delayed.next();
            assertThat(event.message().topic().value()).isEqualTo("y/1");
            assertThat(event.dueMillis()).isEqualTo(event.message().millis() + 9000);
        }
    }

    @Test
    void rewriting_mayBringADelayIn() throws Exception {
        try (BrokerFixture rewriting = new BrokerFixture()
                        .topics(rule("x/#", "^x/(.*)$", "$delayed/3/$1"))
                        .start();
                RawMqtt client = rewriting.connect(4, "p")) {
            client.send(publish(4, "x/1", 1, 7, "a")).next(RawPacket.PUBACK);
            assertThat(rewriting.backends.delayed.next().message().topic().value())
                    .isEqualTo("1");
        }
    }

    private static TopicRules rule(String source, String match, String to) throws InvalidRuleException {
        TopicPattern pattern = TopicPattern.of(match);
        return new TopicRules(
                List.of(new RewriteRule(
                        RewriteRule.Action.ALL,
                        new TopicFilter(source),
                        pattern,
                        TopicTemplate.of(to, pattern.groups()))),
                List.of(),
                List.of());
    }

    @Test
    void noRoomForMore_isToldByTheReason() throws Exception {
        broker.backends.delayed.answering(event -> {
            throw new EventFailedException(EventFailure.FULL, "no room");
        });
        try (RawMqtt client = broker.connect(5, "p")) {
            assertRefused(client.send(publish(5, "$delayed/5/a", 1, 7, "a")).next(), 0x40, 7, 0x97);
            assertRefused(client.send(publish(5, "$delayed/5/a", 2, 8, "a")).next(), 0x50, 8, 0x97);
        }
        try (RawMqtt client = broker.connect(4, "p")) {
            client.send(publish(4, "$delayed/5/a", 1, 7, "a")).expectClosed();
        }
    }

    @Test
    void withoutDelays_theTopicIsOneLikeAnyOther() throws Exception {
        try (BrokerFixture plain = new BrokerFixture().withoutDelays().start();
                RawMqtt client = plain.connect(4, "p")) {
            client.send(publish(4, "$delayed/x", 1, 7, "a")).next(RawPacket.PUBACK);
            assertThat(plain.backends.published.next().message().topic().value())
                    .isEqualTo("$delayed/x");
        }
    }

    @Test
    void dueMessage_isAnsweredWhenItIsStored() throws Exception {
        broker.backends.published.holding(event -> true);
        try (RawMqtt watcher = broker.connect(4, "w").subscribed("a", 1)) {
            Promise<Answer> published = Promise.promise();
            tellDue(Qos.AT_LEAST_ONCE, published);
            var stored = broker.backends.published.nextHeld();
            assertThat(stored.event().username()).isEqualTo("u");
            assertThat(stored.event().message().from().value()).isEqualTo("p");
            assertThat(stored.event().message().id().isAfter(OLD)).isTrue();
            assertThat(stored.event().message().millis()).isEqualTo(1000); // its expiry counts from there
            assertThat(published.future().isComplete()).isFalse();
            stored.answer();
            assertThat(published.future().await(5, TimeUnit.SECONDS)).isEqualTo(Answer.DONE);
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("m");
        }
    }

    @Test
    void dueMessageThatIsNotStored_isAnsweredSo() throws Exception {
        broker.backends.published.answering(event -> {
            throw new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away");
        });
        Promise<Answer> published = Promise.promise();
        tellDue(Qos.EXACTLY_ONCE, published);
        Future<EventFailure> failure = published
                .future()
                .map(EventFailure.FULL)
                .recover(cause -> Future.succeededFuture(((EventFailedException) cause).failure()));
        assertThat(failure.await(5, TimeUnit.SECONDS)).isEqualTo(EventFailure.UNAVAILABLE);
    }

    @Test
    void dueMessageAtQos0_isRoutedAtOnce() throws Exception {
        try (RawMqtt watcher = broker.connect(4, "w").subscribed("a", 1)) {
            Promise<Answer> published = Promise.promise();
            tellDue(Qos.AT_MOST_ONCE, published);
            assertThat(published.future().await(5, TimeUnit.SECONDS)).isEqualTo(Answer.DONE);
            assertThat(watcher.next(RawPacket.PUBLISH).qos()).isZero();
        }
    }

    @Test
    void stoppedNode_waitsForWhatIsDue() throws Exception {
        broker.backends.published.holding(event -> true);
        Promise<Answer> published = Promise.promise();
        tellDue(Qos.AT_LEAST_ONCE, published);
        var stored = broker.backends.published.nextHeld();
        try (RawMqtt client = broker.connect(5, "c")) {
            Future<Void> stopped = broker.beginStop();
            client.expectDisconnect(0x8B);
            stored.answer();
            stopped.await(5, TimeUnit.SECONDS);
        }
        assertThat(published.future().await(5, TimeUnit.SECONDS)).isEqualTo(Answer.DONE);
    }

    private static void assertRefused(RawPacket ack, int first, int packetId, int reason) {
        assertThat(ack.type()).isEqualTo(first >> 4);
        assertThat(ack.packetId()).isEqualTo(packetId);
        assertThat(ack.at(2)).as("reason of %s", ack).isEqualTo(reason);
    }

    private void tellDue(Qos qos, Promise<Answer> outcome) {
        Message message =
                new Message(OLD, new ClientId("p"), new TopicName("a"), qos, false, Payload.of(bytes('m')), 1000);
        broker.backends.begin(
                events -> events.request(EventTypes.MESSAGE_DUE, Concern.BROKER, new MessageDue(message, "u"))
                        .onComplete(outcome));
    }
}
