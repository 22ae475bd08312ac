package io.redshank.broker;

import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePage;
import io.redshank.model.Message;
import io.redshank.model.Qos;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a new subscription gets of the retained messages. */
class RetainedReplayTest {
    private static final int WINDOW = 10;

    private final BrokerFixture broker =
            new BrokerFixture().outbound(new OutboundLimits(WINDOW, 20, 1 << 20, WhenFull.DROP_NEWEST));
    private final Backends backends = broker.backends;

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static MessagePage page(int first, int last, boolean more) {
        return new MessagePage(Messages.range("t", first, last), "at " + last, more);
    }

    @ParameterizedTest(name = "handling {0}: first {1}, again {2}")
    @CsvSource({"0,1,1", "1,1,0", "2,0,0"})
    void retainHandling_saysWhen(int handling, int first, int again) { // [MQTT-3.3.1-9] to [MQTT-3.3.1-11]
        backends.lookups.answering(lookup -> page(1, 1, false));
        try (RawMqtt client = broker.connect(5, "c")) {
            for (int expected : new int[] {first, again}) {
                client.subscribed("t", 1 | handling << 4);
                for (int i = 0; i < expected; i++) {
                    RawPacket packet = client.next(RawPacket.PUBLISH);
                    assertThat(packet.retained()).isTrue(); // [MQTT-3.3.1-8]
                    assertThat(packet.qos()).isEqualTo(1);
                }
                client.expectNothing();
            }
        }
    }

    @Test
    void pages_waitForTheWindow() throws Exception {
        backends.lookups.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", 1)) {
            backends.lookups.nextHeld().answer(page(1, 50, true));
            List<RawPacket> received = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                RawPacket packet = client.next(RawPacket.PUBLISH);
                if (i < 50 - WINDOW) {
                    client.send(puback(packet.packetId()));
                }
                received.add(packet);
            }
            client.expectNothing();
            assertThat(backends.lookups.all()).hasSize(1);
            received.subList(50 - WINDOW, 50).forEach(packet -> client.send(puback(packet.packetId())));
            var second = backends.lookups.nextHeld();
            assertThat(second.event().cursor()).isEqualTo("at 50");
            second.answer(page(51, 52, false));
            client.next(RawPacket.PUBLISH);
            client.next(RawPacket.PUBLISH);
            client.expectNothing();
        }
    }

    @Test
    void messagesAtQos0_waitForASlowClient() throws Exception {
        List<Message> large = new ArrayList<>();
        for (int number = 0; number < 400; number++) {
            large.add(Messages.message("t", number, Qos.AT_MOST_ONCE, new byte[32 * 1024]));
        }
        backends.lookups.answering(lookup -> new MessagePage(large, "end", false));
        try (RawMqtt client = RawMqtt.open(broker.port(), 4, 8192)) {
            client.send(ConnectPacket.of(4, "c").bytes()).next(RawPacket.CONNACK);
            client.subscribed("t", 0);
            backends.lookups.next();
            broker.connect(4, "other").expectNothing().close(); // the page is written, or waits
            for (int number = 0; number < large.size(); number++) {
                client.next(RawPacket.PUBLISH);
            }
            client.expectNothing();
        }
    }

    @Test
    void unsubscribe_endsTheReplay() throws Exception {
        backends.lookups.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", 1)) {
            var first = backends.lookups.nextHeld();
            client.send(unsubscribe(4, 2, "t")).next(RawPacket.UNSUBACK);
            first.answer(page(1, 3, true));
            client.expectNothing();
            backends.lookups.holding(event -> false);
            client.subscribed("another", 0);
        }
        assertThat(backends.lookups.next().filter().value()).isEqualTo("t");
        assertThat(backends.lookups.next().filter().value()).isEqualTo("another");
    }

    @Test
    void lookupThatCannotBeDone_isTriedAgain() throws Exception {
        backends.lookups.holding(event -> true);
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", 1)) {
            backends.lookups.nextHeld().fail(new EventFailedException(EventFailure.UNAVAILABLE, "Redis is away"));
            backends.lookups.nextHeld().answer(page(1, 1, false));
            client.next(RawPacket.PUBLISH);
        }
    }

    @Test
    void clientThatGoesMeanwhile_isNoHarm() throws Exception {
        backends.lookups.holding(event -> true);
        RawMqtt client = broker.connect(4, "c");
        client.send(subscribe(4, 1, "t", 1)).next(RawPacket.SUBACK);
        var lookup = backends.lookups.nextHeld();
        client.close();
        backends.disconnected.next();
        try (LogLines log = LogLines.capture()) {
            lookup.answer(page(1, 3, true));
            broker.connect(4, "c").expectNothing().close();
            log.expectNone();
        }
        assertThat(backends.lookups.all()).hasSize(1);
    }
}
