package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrel;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.topics.AutoSubscription;
import io.redshank.broker.topics.RewriteRule;
import io.redshank.broker.topics.TopicPattern;
import io.redshank.broker.topics.TopicRules;
import io.redshank.broker.topics.TopicTemplate;
import io.redshank.events.MessagePage;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients notice of the rules about topics. */
class TopicRulesTest {
    private final BrokerFixture broker = new BrokerFixture();

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void rewriting(String source, String match, String to) throws Exception {
        TopicPattern pattern = TopicPattern.of(match);
        RewriteRule rule = new RewriteRule(
                RewriteRule.Action.ALL, new TopicFilter(source), pattern, TopicTemplate.of(to, pattern.groups()));
        broker.topics(new TopicRules(List.of(rule), List.of(), List.of())).start();
    }

    private void refusing(String... filters) throws Exception {
        List<TopicFilter> refused =
                List.of(filters).stream().map(TopicFilter::new).toList();
        broker.topics(new TopicRules(List.of(), List.of(), refused)).start();
    }

    private void subscribingAll(String... topics) throws Exception {
        List<AutoSubscription> automatic = List.of(topics).stream()
                .map(topic -> new AutoSubscription(
                        TopicTemplate.of(topic, 0), Qos.AT_LEAST_ONCE, SubscriptionOptions.DEFAULT))
                .toList();
        broker.topics(new TopicRules(List.of(), automatic, List.of())).start();
    }

    private List<String> toldFilters(int number) throws Exception {
        for (int i = 0; i < number; i++) {
            broker.backends.subscribed.next();
        }
        return broker.backends.subscribed.all().stream()
                .map(event -> event.subscription().filter().value())
                .toList();
    }

    @Test
    void publish_isStoredAndRoutedUnderTheRewrittenTopic() throws Exception {
        rewriting("x/#", "^x/(.*)$", "y/$1");
        try (RawMqtt client = broker.connect(4, "c").subscribed("y/#", 0)) {
            client.send(publish(4, "x/1", 1, 7, "p"));
            RawPacket first = client.next();
            RawPacket received = first.type() == RawPacket.PUBLISH ? first : client.next(RawPacket.PUBLISH);
            assertThat(received.topic()).isEqualTo("y/1");
        }
        assertThat(broker.backends.published.next().message().topic().value()).isEqualTo("y/1");
    }

    @Test
    void will_isPublishedToTheRewrittenTopic() throws Exception {
        rewriting("x/#", "^x/(.*)$", "y/$1");
        try (RawMqtt watcher = broker.connect(4, "w").subscribed("y/#", 0)) {
            broker.connect(4, ConnectPacket.of(4, "c").will("x/will", "gone", 0))
                    .close();
            assertThat(watcher.next(RawPacket.PUBLISH).topic()).isEqualTo("y/will");
        }
    }

    @Test
    void subscribeAndUnsubscribe_meanTheSameRewrittenFilter() throws Exception {
        rewriting("x/#", "^x/(.*)$", "y/$1");
        try (RawMqtt client = broker.connect(5, "c").subscribed("x/+", 0)) {
            assertThat(broker.backends.subscribed.next().subscription().filter().value())
                    .isEqualTo("y/+");
            client.send(publish(5, "y/1", 0, 0, "p"));
            assertThat(client.next(RawPacket.PUBLISH).topic()).isEqualTo("y/1");
            client.send(unsubscribe(5, 7, "x/+")).expect(bytes(0xB0, 4, 0, 7, 0, 0));
            client.send(publish(5, "y/1", 0, 0, "p")).expectNothing();
        }
    }

    @Test
    void rewriteToNoTopic_isRefusedAndTheConnectionGoesOn() throws Exception {
        rewriting("x/#", "^x/(.*)$", "$1");
        try (RawMqtt client = broker.connect(5, "c").subscribed("t", 0)) {
            client.send(publish(5, "x/", 1, 7, "p"));
            assertThat(client.next(RawPacket.PUBACK).at(2)).isEqualTo(0x90);
            client.send(publish(5, "x/", 2, 8, "p"));
            assertThat(client.next(RawPacket.PUBREC).at(2)).isEqualTo(0x90);
            client.send(publish(5, "x/", 0, 0, "p")).expectNothing();
            RawPacket suback = client.send(subscribe(5, 9, "x/", 0)).next(RawPacket.SUBACK);
            assertThat(suback.at(suback.body().length - 1)).isEqualTo(0x8F);
            client.send(publish(5, "x/t", 0, 0, "p"));
            assertThat(client.next(RawPacket.PUBLISH).topic()).isEqualTo("t");
        }
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5,1", "5,2", "4,1", "4,2", "3,1"})
    void publishToSys_isRefusedOrDropped(int version, int qos) throws Exception {
        broker.start();
        try (RawMqtt watcher = broker.connect(4, "w").subscribed("$SYS/#", 0);
                RawMqtt client = broker.connect(version, "c")) {
            int ack = qos == 1 ? 0x40 : 0x50;
            client.send(publish(version, "$SYS/broker/version", qos, 7, "mine"));
            // [MQTT-3.3.5-2] of 3.1.1: acknowledged, and dropped
            RawPacket answer = client.next(ack >> 4);
            assertThat(answer.packetId()).isEqualTo(7);
            assertThat(version == 5 ? answer.at(2) : 0x87).isEqualTo(0x87);
            if (qos == 2) {
                int known = version == 5 ? 0x92 : 0;
                client.send(pubrel(7));
                client.expect(known == 0 ? bytes(0x70, 2, 0, 7) : bytes(0x70, 4, 0, 7, known, 0));
            }
            client.send(publish(version, "$SYS", 0, 0, "mine")).expectNothing();
            client.send(publish(version, 0x31, "$SYS/x", 0, bytes(1))).expectNothing();
            client.send(publish(version, "$SYSTEM/x", 0, 0, "free")).expectNothing();
            watcher.expectNothing();
        }
        assertThat(broker.backends.published.all()).isEmpty();
        assertThat(broker.backends.retained.all()).isEmpty();
    }

    @Test
    void aliasOfARefusedTopic_standsForItNevertheless() throws Exception { // MQTT 5, 3.3.2.3.4
        broker.start();
        byte[] alias = bytes(0x23, 0, 1);
        try (RawMqtt client = broker.connect(5, "c").subscribed("t", 0)) {
            client.send(publish(5, 0x32, "$SYS/x", 7, bytes('p'), alias));
            assertThat(client.next(RawPacket.PUBACK).at(2)).isEqualTo(0x87);
            client.send(publish(5, 0x32, "", 8, bytes('p'), alias));
            RawPacket again = client.next(RawPacket.PUBACK);
            assertThat(again.packetId()).isEqualTo(8);
            assertThat(again.at(2)).isEqualTo(0x87);
            client.send(publish(5, 0x30, "t", 0, bytes('p'), alias), publish(5, 0x30, "", 0, bytes('q'), alias));
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("p");
            assertThat(client.next(RawPacket.PUBLISH).payload(5)).isEqualTo("q");
        }
    }

    @ParameterizedTest
    @CsvSource({"4,2", "5,144"})
    void willOnSys_isRefused(int version, int code) throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(version)) {
            client.send(ConnectPacket.of(version, "c").will("$SYS/x", "w", 0).bytes());
            assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void refusedFilter_isRefusedToEverybody(int version) throws Exception {
        refusing("test/nosubscribe", "secret/#");
        try (RawMqtt client = broker.connect(version, "c")) {
            for (String filter : List.of("test/nosubscribe", "secret/a", "secret/+", "secret")) {
                client.send(subscribe(version, 1, filter, 2));
                RawPacket suback = client.next(RawPacket.SUBACK);
                assertThat(suback.at(suback.body().length - 1)).as(filter).isEqualTo(0x80);
            }
            client.subscribed("test/+", 2).subscribed("#", 1); // more than what is refused
        }
        assertThat(toldFilters(2)).containsExactly("test/+", "#");
    }

    @Test
    void storedSubscriptionThatIsRefused_isNotGranted() throws Exception {
        refusing("secret/#");
        broker.backends.connected.answering(event ->
                new SessionFound(true, List.of(new Subscription(new TopicFilter("secret/a"), Qos.AT_LEAST_ONCE))));
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").resuming())) {
            client.send(publish(4, "secret/a", 0, 0, "p")).expectNothing();
        }
    }

    @Test
    void autoSubscription_isTheClientsOwnWithRetainedMessages() throws Exception {
        subscribingAll("c/${clientid}/#");
        broker.backends.lookups.answering(lookup ->
                new MessagePage(List.of(Messages.message("c/dev/r", 1, Qos.AT_LEAST_ONCE, bytes(1))), "e", false));
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "dev").resuming())) {
            assertThat(client.next(RawPacket.PUBLISH).retained()).isTrue();
            SessionSubscribed told = broker.backends.subscribed.next();
            assertThat(told.subscription().filter().value()).isEqualTo("c/dev/#");
            assertThat(told.origin()).isEqualTo(SubscriptionOrigin.DEVICE);
            assertThat(told.persists()).isTrue();
            client.send(publish(4, "c/dev/x", 0, 0, "p"));
            assertThat(client.next(RawPacket.PUBLISH).topic()).isEqualTo("c/dev/x");
            client.send(publish(4, "c/other/x", 0, 0, "p")).expectNothing();
        }
    }

    @Test
    void autoSubscriptionOfAResumedSession_isLeftAsItIs() throws Exception {
        subscribingAll("c/${clientid}");
        broker.backends.connected.answering(
                event -> new SessionFound(true, List.of(new Subscription(new TopicFilter("c/dev"), Qos.AT_MOST_ONCE))));
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "dev").resuming())) {
            client.expectNothing();
            assertThat(broker.backends.subscribed.next().origin()).isEqualTo(SubscriptionOrigin.STORED);
            client.send(publish(4, "c/dev", 1, 1, "p"));
            RawPacket first = client.next();
            RawPacket received = first.type() == RawPacket.PUBLISH ? first : client.next(RawPacket.PUBLISH);
            assertThat(received.qos()).isZero();
        }
        assertThat(broker.backends.subscribed.all()).hasSize(1);
    }

    @Test
    void autoSubscriptionThatTheClientCannotHave_isLeftOut() throws Exception {
        subscribingAll("u/${username}", "c/${clientid}/#", "all");
        try (RawMqtt anonymous = broker.connect(4, "plain")) {
            anonymous.expectNothing();
        }
        try (RawMqtt greedy = broker.connect(4, ConnectPacket.of(4, "+").username("me"))) {
            greedy.expectNothing();
            greedy.send(publish(4, "c/plain/x", 0, 0, "p")).expectNothing();
        }
        assertThat(toldFilters(4)).containsExactly("c/plain/#", "all", "u/me", "all");
    }
}
