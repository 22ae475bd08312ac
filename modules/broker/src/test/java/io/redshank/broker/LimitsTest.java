package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrel;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the clients of a listener may do and cost. */
class LimitsTest {
    private static final int NOT_UTF_8 = 0xC0;

    private final BrokerFixture broker = new BrokerFixture();

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static byte[] payload(int... values) {
        return bytes(values);
    }

    @ParameterizedTest
    @CsvSource({"123456789/1,0x90", "1/2/3/4,0x90"})
    void topicTooLongOrTooDeep_isRefused(String topic, String code) throws Exception {
        broker.packets(new PacketLimits(BrokerFixture.MAX_PACKET_SIZE, 200, 10, 3, false))
                .start();
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(publish(5, topic, 1, 7, "p"), publish(5, topic, 2, 8, "p"));
            assertRefused(client.next(RawPacket.PUBACK), 7, Integer.decode(code));
            assertRefused(client.next(RawPacket.PUBREC), 8, Integer.decode(code));
            client.send(publish(5, "1/2/3", 2, 8, "p")).next(RawPacket.PUBREC);
            client.send(pubrel(8)).next(RawPacket.PUBCOMP);
            client.send(subscribe(5, 9, topic, 1));
            RawPacket suback = client.next(RawPacket.SUBACK);
            assertThat(suback.at(suback.body().length - 1)).isEqualTo(0x8F);
            client.subscribed("1/2/3", 1);
            client.send(publish(5, topic, 0, 0, "p")).expectDisconnect(Integer.decode(code));
        }
        try (RawMqtt old = broker.connect(4, "old")) {
            old.send(publish(4, topic, 1, 7, "p")).expectClosed(); // MQTT 3 has no negative acknowledgement
        }
    }

    private static void assertRefused(RawPacket ack, int packetId, int code) {
        assertThat(ack.packetId()).isEqualTo(packetId);
        assertThat(ack.at(2)).isEqualTo(code);
        assertThat(RawProperties.at(ack, 3).has(RawProperties.REASON_STRING)).isTrue();
    }

    @Test
    void clientThatWantsNoProblemInformation_getsCodesOnly() throws Exception { // [MQTT-3.1.2-29]
        broker.packets(new PacketLimits(BrokerFixture.MAX_PACKET_SIZE, 200, 10, 3, false))
                .start();
        ConnectPacket connect = ConnectPacket.of(5, "c").property(0x17, bytes(0));
        try (RawMqtt client = broker.connect(5, connect)) {
            client.send(publish(5, "1/2/3/4", 1, 7, "p")).expect(bytes(0x40, 4, 0, 7, 0x90, 0));
            client.send(subscribe(5, 9, "1/2/3/4", 1)).expect(bytes(0x90, 4, 0, 9, 0, 0x8F));
        }
    }

    @Test
    void reasonInWords_isLeftOutWhereItWouldBeTooLarge() throws Exception { // [MQTT-3.4.2-2]
        broker.packets(new PacketLimits(BrokerFixture.MAX_PACKET_SIZE, 200, 10, 3, false))
                .start();
        ConnectPacket connect = ConnectPacket.of(5, "c").property(0x27, u32(30));
        try (RawMqtt client = broker.connect(5, connect)) {
            client.send(publish(5, "1/2/3/4", 1, 7, "p")).expect(bytes(0x40, 4, 0, 7, 0x90, 0));
        }
    }

    @Test
    void payloadThatIsNotWhatItSays_isRefusedWhereThatIsChecked() throws Exception { // MQTT 5, 3.3.2.3.2
        broker.packets(new PacketLimits(BrokerFixture.MAX_PACKET_SIZE, 200, 100, 10, true))
                .start();
        byte[] utf8 = bytes(RawProperties.PAYLOAD_FORMAT, 1);
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(publish(5, 0x32, "t", 7, payload(NOT_UTF_8), utf8));
            assertRefused(client.next(RawPacket.PUBACK), 7, 0x99);
            client.send(publish(5, 0x34, "t", 8, payload(NOT_UTF_8), utf8));
            assertRefused(client.next(RawPacket.PUBREC), 8, 0x99);
            client.send(publish(5, 0x32, "t", 9, payload(0xC3, 0xBC), utf8)).expect(bytes(0x40, 2, 0, 9));
            client.send(publish(5, 0x32, "t", 9, payload(NOT_UTF_8), bytes(RawProperties.PAYLOAD_FORMAT, 0)))
                    .expect(bytes(0x40, 2, 0, 9));
            client.send(publish(5, 0x30, "t", 0, payload(NOT_UTF_8), utf8)).expectDisconnect(0x99);
        }
    }

    @Test
    void retainedMessageTooLarge_isRefused() throws Exception {
        broker.inbound(new InboundLimits(100, 10, 0, 0, 3)).start();
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(publish(5, 0x33, "t", 7, payload('1', '2', '3', '4')));
            assertRefused(client.next(RawPacket.PUBACK), 7, 0x97);
            client.send(publish(5, 0x33, "t", 8, payload('1', '2', '3'))).expect(bytes(0x40, 2, 0, 8));
            client.send(publish(5, 0x32, "t", 9, payload('1', '2', '3', '4'))).expect(bytes(0x40, 2, 0, 9));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void oneSubscriptionTooMany_isRefused(int version) throws Exception {
        broker.sessions(new SessionLimits(3600, 3600, 2, 0)).start();
        try (RawMqtt client = broker.connect(version, "c")) {
            client.subscribed("a", 1).subscribed("b", 1);
            client.send(subscribe(version, 9, "c", 1));
            RawPacket suback = client.next(RawPacket.SUBACK);
            assertThat(suback.at(suback.body().length - 1)).isEqualTo(version == 5 ? 0x97 : 0x80);
            client.subscribed("a", 2); // replaces
            client.send(unsubscribe(version, 5, "b"));
            client.next(RawPacket.UNSUBACK);
            client.subscribed("c", 1);
        }
    }

    @Test
    void clientThatPublishesTooFast_isReadMoreSlowly() throws Exception {
        broker.inbound(new InboundLimits(100, 10, 20, 0, 100)).start();
        try (RawMqtt client = broker.connect(5, "c")) {
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) { // 20 at once, then 20 in each second
                client.send(publish(5, "t", 1, 7, "p")).expect(bytes(0x40, 2, 0, 7));
            }
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(1000);
        }
    }

    @Test
    void rate_letsASecondsWorthThroughAtOnce_andThenAsksForThePauseThatIsDue() {
        PublishRate rate = new PublishRate(new InboundLimits(1, 0, 10, 1000, 0), 0);
        for (int i = 0; i < 10; i++) {
            assertThat(rate.take(1, 0)).isZero();
        }
        assertThat(rate.take(1, 0)).isEqualTo(100);
        assertThat(rate.take(1989, 100_000_000)).isEqualTo(989); // bytes: 1000, and 1989 taken
        assertThat(rate.take(0, 5_000_000_000L)).isZero();
        assertThat(new PublishRate(new InboundLimits(1, 0, 0, 0, 0), 0).isLimited())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0,30", "31,30", "65535,30"})
    void longerKeepAlive_isCutAndTold(int wanted, int granted) throws Exception { // [MQTT-3.2.2-21]
        broker.sessions(new SessionLimits(3600, 3600, 2, 30)).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").keepAlive(wanted).bytes());
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.number(RawProperties.SERVER_KEEP_ALIVE)).isEqualTo(granted);
        }
    }

    @ParameterizedTest
    @CsvSource({"30", "1"})
    void keepAliveWithinTheLimit_isTheClientsOwn(int wanted) throws Exception {
        broker.sessions(new SessionLimits(3600, 3600, 2, 30)).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").keepAlive(wanted).bytes());
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.has(RawProperties.SERVER_KEEP_ALIVE)).isFalse();
        }
    }

    @Test
    void serversKeepAlive_isTheOneThatCounts() throws Exception { // [MQTT-3.1.2-22]
        broker.sessions(new SessionLimits(3600, 3600, 2, 1)).start();
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").keepAlive(0))) {
            client.expectDisconnect(0x8D);
        }
    }

    @Test
    void longerSessionExpiry_isCutAndTold() throws Exception { // MQTT 5, 3.2.2.3.2
        broker.sessions(new SessionLimits(3600, 100, 2, 0)).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").expiry(101).bytes());
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.number(RawProperties.SESSION_EXPIRY)).isEqualTo(100);
        }
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").expiry(100).bytes());
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.has(RawProperties.SESSION_EXPIRY)).isFalse();
        }
        assertThat(broker.backends.connected.all())
                .extracting(event -> event.expirySeconds())
                .containsOnly(100L);
    }

    @Test
    void responseInformation_isForThoseWhoAsk() throws Exception { // [MQTT-3.1.2-28]
        broker.start();
        try (RawMqtt client = broker.open(5);
                RawMqtt other = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").property(0x19, bytes(1)).bytes());
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.text(RawProperties.RESPONSE_INFORMATION)).isEqualTo("info/");
            other.send(ConnectPacket.of(5, "o").property(0x19, bytes(0)).bytes());
            assertThat(RawProperties.at(other.next(RawPacket.CONNACK), 2).has(RawProperties.RESPONSE_INFORMATION))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"TEMPORARILY,0x9C", "PERMANENTLY,0x9D"})
    void redirectedClient_isToldWhereTo(Redirect.When when, String code) throws Exception { // MQTT 5, 4.11
        broker.redirect(new Redirect("other:1883", when)).start();
        try (RawMqtt client = broker.open(5);
                RawMqtt old = broker.open(4)) {
            RawPacket connack = client.send(ConnectPacket.of(5, "c").bytes()).next(RawPacket.CONNACK);
            assertThat(connack.at(1)).isEqualTo(Integer.decode(code));
            assertThat(RawProperties.at(connack, 2).text(RawProperties.SERVER_REFERENCE))
                    .isEqualTo("other:1883");
            client.expectClosed();
            old.send(ConnectPacket.of(4, "o").bytes())
                    .expect(bytes(0x20, 2, 0, 3))
                    .expectClosed();
        }
    }

    @Test
    void clientsOfANodeThatStops_areToldWhereToGo() throws Exception { // MQTT 5, 4.11
        broker.redirect(new Redirect("other:1883", Redirect.When.STOPPING)).start();
        try (RawMqtt client = broker.connect(5, "c")) {
            broker.stopBroker();
            RawPacket goodbye = client.next(RawPacket.DISCONNECT);
            assertThat(goodbye.at(0)).isEqualTo(0x9C);
            assertThat(RawProperties.at(goodbye, 1).text(RawProperties.SERVER_REFERENCE))
                    .isEqualTo("other:1883");
        }
    }

    @ParameterizedTest
    @CsvSource({"DROP_NEWEST,0 1 2 3", "DROP_OLDEST,0 4 5 6"})
    void fullQueue_dropsByItsPolicy(WhenFull policy, String arriving) throws Exception {
        broker.outbound(new OutboundLimits(1, 3, 1 << 20, policy)).start();
        try (RawMqtt slow = broker.connect(5, "slow").subscribed("t", 1)) {
            slow.send(publish(5, "t", 1, 7, "0"));
            RawPacket one = slow.next();
            RawPacket other = slow.next();
            RawPacket first = one.type() == RawPacket.PUBLISH ? one : other;
            for (int i = 1; i < 7; i++) { // from itself: routed before the acknowledgement is sent
                slow.send(publish(5, "t", 1, 7, Integer.toString(i)));
                slow.next(RawPacket.PUBACK);
            }
            slow.expectNothing();
            StringBuilder arrived = new StringBuilder(first.payload(5));
            for (int i = 0; i < 3; i++) {
                slow.send(puback(first.packetId()));
                first = slow.next(RawPacket.PUBLISH);
                arrived.append(' ').append(first.payload(5));
            }
            assertThat(arrived).hasToString(arriving);
            slow.send(puback(first.packetId()));
            slow.expectNothing();
        }
    }

    @Test
    void fullQueue_disconnectsByItsPolicy() throws Exception {
        broker.outbound(new OutboundLimits(1, 3, 1 << 20, WhenFull.DISCONNECT)).start();
        try (RawMqtt slow = broker.connect(5, "slow").subscribed("t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            for (int i = 0; i < 7; i++) {
                publisher.send(publish(5, "t", 1, 7, "p")).expect(bytes(0x40, 2, 0, 7));
            }
            slow.next(RawPacket.PUBLISH);
            slow.expectDisconnect(0x97);
        }
    }

    @Test
    void disconnect_saysWhyInWords() throws Exception { // MQTT 5, 3.14.2.2.3
        broker.start();
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(packet(0x30, string("a/+"), properties(5), join(u16(1))));
            RawPacket goodbye = client.next(RawPacket.DISCONNECT);
            assertThat(goodbye.at(0)).isIn(0x81, 0x90);
        }
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(publish(5, 0x30, "t", 0, payload('p'), join(bytes(RawProperties.TOPIC_ALIAS), u16(99))));
            RawPacket goodbye = client.next(RawPacket.DISCONNECT);
            assertThat(goodbye.at(0)).isEqualTo(0x94);
            assertThat(RawProperties.at(goodbye, 1).text(RawProperties.REASON_STRING))
                    .isEqualTo("a topic alias that was not offered");
        }
    }
}
