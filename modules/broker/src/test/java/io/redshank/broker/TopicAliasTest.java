package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.TopicName;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Topic aliases, both ways (MQTT 5, 3.3.2.3.4). */
class TopicAliasTest {
    private static final byte[] PAYLOAD = bytes('p');
    private static final int AT_MOST_ONCE = 0x30;

    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static byte[] alias(int alias) {
        return join(bytes(RawProperties.TOPIC_ALIAS), u16(alias));
    }

    private RawMqtt withAliases(String clientId, int maximum) {
        return broker.connect(
                5, ConnectPacket.of(5, clientId).property(RawProperties.TOPIC_ALIAS_MAXIMUM, u16(maximum)));
    }

    private static void assertSent(RawPacket packet, String topic, long alias) {
        assertThat(packet.topic()).isEqualTo(topic);
        RawProperties properties = RawProperties.ofPublish(packet);
        if (alias == 0) {
            assertThat(properties.ids()).isEmpty();
        } else {
            assertThat(properties.number(RawProperties.TOPIC_ALIAS)).isEqualTo(alias);
        }
    }

    @Test
    void aliasOfAClient_standsForItsTopic_untilItIsGivenToAnother() { // [MQTT-3.3.2-12]
        try (RawMqtt other = broker.connect(5, "other").subscribed("#", 0);
                RawMqtt client = broker.connect(5, "client")) {
            client.send(
                    publish(5, AT_MOST_ONCE, "first", 0, PAYLOAD, alias(10)),
                    publish(5, AT_MOST_ONCE, "", 0, PAYLOAD, alias(10)),
                    publish(5, AT_MOST_ONCE, "second", 0, PAYLOAD, alias(10)),
                    publish(5, AT_MOST_ONCE, "", 0, PAYLOAD, alias(10)),
                    publish(5, AT_MOST_ONCE, "third", 0, PAYLOAD, alias(1)));
            for (String topic : new String[] {"first", "first", "second", "second", "third"}) {
                assertSent(other.next(RawPacket.PUBLISH), topic, 0); // an alias is one connection's [MQTT-3.3.2-7]
            }
        }
    }

    @Test
    void aliasOfAnotherConnection_isUnknown() { // [MQTT-3.3.2-7]
        try (RawMqtt client = broker.connect(5, "client")) {
            client.send(publish(5, AT_MOST_ONCE, "first", 0, PAYLOAD, alias(1))).expectNothing();
        }
        try (RawMqtt client = broker.connect(5, "client")) {
            client.send(publish(5, AT_MOST_ONCE, "", 0, PAYLOAD, alias(1))).expectDisconnect(0x82);
        }
    }

    @Test
    void clientThatTakesAliases_isSentEachTopicOnce() {
        try (RawMqtt taker = withAliases("taker", 2).subscribed("#", 0);
                RawMqtt client = broker.connect(5, "client")) {
            for (String topic : new String[] {"long/1", "long/1", "long/2", "long/2", "t", "long/1"}) {
                client.send(publish(5, topic, 0, 0, "p"));
            }
            assertSent(taker.next(RawPacket.PUBLISH), "long/1", 1);
            assertSent(taker.next(RawPacket.PUBLISH), "", 1);
            assertSent(taker.next(RawPacket.PUBLISH), "long/2", 2);
            assertSent(taker.next(RawPacket.PUBLISH), "", 2);
            assertSent(taker.next(RawPacket.PUBLISH), "t", 0); // an alias is longer than that
            assertSent(taker.next(RawPacket.PUBLISH), "", 1);
        }
    }

    @Test
    void clientThatTakesNone_isSentNone() { // [MQTT-3.1.2-26], [MQTT-3.1.2-27]
        try (RawMqtt client = broker.connect(5, "client").subscribed("#", 0)) {
            client.send(publish(5, "long/1", 0, 0, "p"), publish(5, "long/1", 0, 0, "p"));
            assertSent(client.next(RawPacket.PUBLISH), "long/1", 0);
            assertSent(client.next(RawPacket.PUBLISH), "long/1", 0);
        }
    }

    @Test
    void aliasThatWouldMakeAPacketTooLarge_isNotTold() { // [MQTT-3.1.2-24]
        ConnectPacket connect = ConnectPacket.of(5, "narrow")
                .property(RawProperties.TOPIC_ALIAS_MAXIMUM, u16(5))
                .property(0x27, u32(20));
        try (RawMqtt narrow = broker.connect(5, connect)) {
            narrow.subscribed("#", 0);
            narrow.send(publish(5, "longer/topic/1", 0, 0, "p"), publish(5, "longer/topic/1", 0, 0, "p"));
            RawPacket sent = narrow.next(RawPacket.PUBLISH);
            assertSent(sent, "longer/topic/1", 0);
            assertThat(sent.size()).isEqualTo(20);
            assertSent(narrow.next(RawPacket.PUBLISH), "longer/topic/1", 0);
        }
    }

    @Test
    void topicThatComesAgain_takesTheAliasOfTheOneUsedLeast() {
        OutboundAliases aliases = new OutboundAliases(2);
        TopicName first = new TopicName("topic/1");
        TopicName second = new TopicName("topic/2");
        TopicName third = new TopicName("topic/3");
        assertThat(aliases.assign(first)).isEqualTo(1);
        assertThat(aliases.assign(second)).isEqualTo(2);
        assertThat(aliases.known(first)).isEqualTo(1);
        assertThat(aliases.assign(third)).isZero(); // once may be all
        assertThat(aliases.assign(third)).isEqualTo(2);
        assertThat(aliases.known(second)).isZero();
        assertThat(aliases.known(first)).isEqualTo(1);
        assertThat(aliases.known(third)).isEqualTo(2);
    }

    @Test
    void manyTopicsThatComeOnce_takeNoAliasAway() {
        OutboundAliases aliases = new OutboundAliases(2);
        TopicName first = new TopicName("topic/1");
        assertThat(aliases.assign(first)).isEqualTo(1);
        assertThat(aliases.assign(new TopicName("topic/2"))).isEqualTo(2);
        for (int i = 0; i < 1000; i++) {
            assertThat(aliases.assign(new TopicName("once/" + i))).isZero();
        }
        assertThat(aliases.known(first)).isEqualTo(1);
    }
}
