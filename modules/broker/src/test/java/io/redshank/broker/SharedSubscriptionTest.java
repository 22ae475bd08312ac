package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAcked;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared subscriptions (MQTT 5, section 4.8.2) of clients that are on different event loops. */
class SharedSubscriptionTest {
    private static final int PROTOCOL_ERROR = 0x82;
    private static final int NO_LOCAL = 4;

    private final BrokerFixture broker = new BrokerFixture();

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void wellFormedFilters_areGranted_othersAreNot(int version) throws Exception {
        broker.start();
        try (RawMqtt client = broker.connect(version, "c")) {
            byte[] filters = join(
                    string("$share/g/a/#"), bytes(2), // [MQTT-4.8.2-1]
                    string("$share/g/a/+"), bytes(0),
                    string("$share//a"), bytes(1), // [MQTT-4.8.2-1]
                    string("$share/g"), bytes(1), // [MQTT-4.8.2-2]
                    string("$share/g/"), bytes(1),
                    string("$share/+/a"), bytes(1),
                    string("$share/g#/a"), bytes(1));
            client.send(packet(0x82, u16(9), properties(version), filters));
            int invalid = version == 5 ? 0x8F : 0x80;
            byte[] why = join(bytes(0x1F), string("not a topic filter"));
            client.expect(packet(
                    0x90, u16(9), properties(version, why), bytes(2, 0, invalid, invalid, invalid, invalid, invalid)));
        }
    }

    @Test
    void switchedOff_refusesSharedFilters_andSaysSoInConnack() throws Exception { // MQTT 5, 3.2.2.3.13
        broker.shared(new SharedOptions(false, SharedStrategy.ROUND_ROBIN, false))
                .start();
        try (RawMqtt client = broker.open(5).send(ConnectPacket.of(5, "c").bytes())) {
            assertThat(hasProperty(client.next(RawPacket.CONNACK), 0x2A)).isTrue();
            assertThat(refusal(client, "$share/g/a")).isEqualTo(0x9E);
            assertThat(refusal(client, "$share//a")).isEqualTo(0x8F);
            assertThat(refusal(client, "$exclusive/a")).isEqualTo(0x8F);
        }
    }

    @Test
    void switchedOn_isNotMentionedInConnack() throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5).send(ConnectPacket.of(5, "c").bytes())) {
            assertThat(hasProperty(client.next(RawPacket.CONNACK), 0x2A)).isFalse();
        }
    }

    @Test
    void noLocal_isAProtocolError() throws Exception { // [MQTT-3.8.3-4]
        broker.start();
        try (RawMqtt client = broker.connect(5, "c")) {
            client.send(subscribe(5, 1, "$share/g/a", NO_LOCAL)).expectDisconnect(PROTOCOL_ERROR);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void eachMessage_goesToOneMemberOfEachGroup(int qos) throws Exception {
        broker.start();
        try (RawMqtt one = broker.connect(5, "one").subscribed("$share/g/t/#", qos);
                RawMqtt two = broker.connect(4, "two").subscribed("$share/g/t/#", qos);
                RawMqtt other = broker.connect(5, "other").subscribed("$share/h/t/#", qos);
                RawMqtt plain = broker.connect(5, "plain").subscribed("t/#", qos);
                RawMqtt publisher = broker.connect(5, "p")) {
            for (int i = 0; i < 10; i++) {
                publisher.send(publish(5, "t/1", qos, i + 1, "m" + i));
            }
            assertThat(payloads(plain, 10)).isEqualTo(sent(0, 10));
            assertThat(payloads(other, 10)).isEqualTo(sent(0, 10));
            List<String> shared = new ArrayList<>(payloads(one, 5));
            shared.addAll(payloads(two, 5));
            assertThat(shared).containsExactlyInAnyOrderElementsOf(sent(0, 10));
            one.expectNothing();
            two.expectNothing();
        }
    }

    @Test
    void memberOfSeveralGroupsThatIsSubscribedAsWell_getsOneCopyForEach() throws Exception {
        broker.start();
        try (RawMqtt client = broker.connect(5, "c")
                        .subscribed("$share/g/t", 0)
                        .subscribed("$share/h/t", 0)
                        .subscribed("$share/g/+", 0)
                        .subscribed("t", 0);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 0, 0, "m"));
            assertThat(payloads(client, 4)).containsOnly("m");
            client.expectNothing();
        }
    }

    @Test
    void qos_isTheMembersOwn() throws Exception { // [MQTT-4.8.2-3]
        broker.start();
        try (RawMqtt low = broker.connect(5, "low").subscribed("$share/g/t", 0);
                RawMqtt high = broker.connect(5, "high").subscribed("$share/g/t", 2);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 2, 1, "a"), publish(5, "t", 2, 2, "b"));
            assertThat(low.next(RawPacket.PUBLISH).qos()).isZero();
            assertThat(high.next(RawPacket.PUBLISH).qos()).isEqualTo(2);
        }
    }

    @Test
    void identifierOfTheSubscription_isTold() throws Exception { // [MQTT-3.3.4-3]
        broker.start();
        try (RawMqtt client = broker.connect(5, "c");
                RawMqtt publisher = broker.connect(5, "p")) {
            client.send(packet(0x82, u16(1), properties(5, bytes(0x0B, 7)), string("$share/g/t"), bytes(0)));
            client.next(RawPacket.SUBACK);
            publisher.send(publish(5, "t", 0, 0, "m"));
            client.expect(publish(5, 0x30, "t", 0, bytes('m'), bytes(0x0B, 7)));
        }
    }

    @Test
    void retainedMessages_areNotSent() throws Exception { // MQTT 5, 4.8.2
        broker.start();
        try (RawMqtt client = broker.connect(5, "c").subscribed("$share/g/t", 1).subscribed("u", 0)) {
            client.expectNothing();
            assertThat(broker.backends.lookups.next().filter().value()).isEqualTo("u");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void unsubscribe_byTheWholeFilter_endsMembership(int version) throws Exception { // [MQTT-3.10.4-1]
        broker.start();
        try (RawMqtt leaving = broker.connect(version, "leaving").subscribed("$share/g/t", 1);
                RawMqtt staying = broker.connect(version, "staying").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(version, "p")) {
            leaving.send(unsubscribe(version, 5, "t", "$share/h/t", "$share/g/t"));
            RawPacket unsuback = leaving.next(RawPacket.UNSUBACK);
            if (version == 5) {
                assertThat(unsuback.body()).endsWith(0x11, 0x11, 0);
            }
            assertThat(broker.backends.unsubscribed.next().filter().value()).isEqualTo("$share/g/t");
            for (int i = 0; i < 6; i++) {
                publisher.send(publish(version, "t", 1, i + 1, "m" + i));
            }
            assertThat(payloads(staying, 6)).isEqualTo(sent(0, 6));
            leaving.expectNothing();
        }
    }

    @Test
    void sameFilterAgain_changesTheQuality_andIsOneMemberStill() throws Exception { // [MQTT-3.8.4-3]
        broker.start();
        try (RawMqtt client = broker.connect(5, "c").subscribed("$share/g/t", 1).subscribed("$share/g/t", 0);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 1, 1, "m"));
            assertThat(client.next(RawPacket.PUBLISH).qos()).isZero();
            client.expectNothing();
        }
    }

    @Test
    void unacknowledgedMessages_goToAnotherMember_whenTheirsIsGone() throws Exception { // MQTT 5, 4.8.2
        broker.outbound(new OutboundLimits(3, 1000, 1 << 20, WhenFull.DROP_NEWEST))
                .start();
        try (RawMqtt leaving = broker.connect(5, "leaving").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            for (int i = 0; i < 10; i++) {
                publisher.send(publish(5, "t", 1, i + 1, "m" + i)).next(RawPacket.PUBACK);
            }
            List<RawPacket> received = received(leaving, 3); // and the window is full
            leaving.send(puback(received.get(1).packetId())).next(RawPacket.PUBLISH);
            try (RawMqtt staying =
                    broker.connect(5, ConnectPacket.of(5, "staying")).subscribed("$share/g/t", 1)) {
                leaving.socket().close();
                List<String> handedOver = new ArrayList<>();
                for (int i = 0; i < 9; i++) {
                    RawPacket one = staying.next(RawPacket.PUBLISH);
                    handedOver.add(one.payload(5));
                    staying.send(puback(one.packetId()));
                }
                assertThat(handedOver)
                        .as("all but what was acknowledged, in order")
                        .containsExactly("m0", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
                staying.expectNothing();
            }
        }
    }

    @Test
    void takenOverMember_leavesToo() throws Exception {
        broker.start();
        try (RawMqtt old = broker.connect(5, "c").subscribed("$share/g/t", 1);
                RawMqtt staying = broker.connect(5, "staying").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 1, 1, "m0"), publish(5, "t", 1, 2, "m1"));
            old.next(RawPacket.PUBLISH);
            String second = staying.next(RawPacket.PUBLISH).payload(5);
            try (RawMqtt young = broker.connect(5, "c")) { // a clean start: it is no member
                String handedOver = staying.next(RawPacket.PUBLISH).payload(5);
                assertThat(List.of(second, handedOver)).containsExactlyInAnyOrder("m0", "m1");
                young.expectNothing();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messageBegunAtQos2_goesToNoOtherMember(boolean received) throws Exception { // [MQTT-4.8.2-5]
        broker.outbound(new OutboundLimits(1, 1000, 1 << 20, WhenFull.DROP_NEWEST))
                .start();
        try (RawMqtt leaving = broker.connect(5, "leaving").subscribed("$share/g/t", 2);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 2, 1, "begun")).next(RawPacket.PUBREC);
            publisher.send(publish(5, "t", 2, 2, "waiting")).next(RawPacket.PUBREC);
            RawPacket begun = leaving.next(RawPacket.PUBLISH);
            assertThat(begun.payload(5)).isEqualTo("begun");
            if (received) {
                leaving.send(pubrec(begun.packetId())).next(RawPacket.PUBREL);
            }
            try (RawMqtt staying = broker.connect(5, "staying").subscribed("$share/g/t", 2)) {
                leaving.socket().close();
                RawPacket waiting = staying.next(RawPacket.PUBLISH);
                assertThat(waiting.payload(5)).isEqualTo("waiting");
                staying.send(pubrec(waiting.packetId())).next(RawPacket.PUBREL);
                staying.expectNothing();
            }
        }
    }

    @Test
    void refusedMessage_goesToNoOtherMember() throws Exception { // [MQTT-4.8.2-6]
        broker.start();
        try (RawMqtt one = broker.connect(5, "one").subscribed("$share/g/t", 1);
                RawMqtt two = broker.connect(5, "two").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 1, 1, "m"));
            publisher.next(RawPacket.PUBACK);
            RawPacket first = one.next(RawPacket.PUBLISH);
            one.send(packet(0x40, u16(first.packetId()), bytes(0x80)));
            one.expectNothing();
            one.socket().close();
            two.expectNothing();
        }
    }

    @Test
    void messageTooLargeForOne_goesToAnother() throws Exception { // MQTT 5, 3.1.2.11.4
        broker.start();
        ConnectPacket small = ConnectPacket.of(5, "small").property(0x27, new byte[] {0, 0, 0, 50});
        try (RawMqtt limited = broker.connect(5, small).subscribed("$share/g/t", 1);
                RawMqtt other = broker.connect(5, "other").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            String large = "x".repeat(100);
            publisher.send(publish(5, "t", 1, 1, large), publish(5, "t", 1, 2, large), publish(5, "t", 1, 3, large));
            assertThat(payloads(other, 3)).containsOnly(large);
            limited.expectNothing();
        }
    }

    @Test
    void memberWhoseQueueIsFull_isPassedOver_andAtLastMessagesAreDropped() throws Exception {
        broker.outbound(new OutboundLimits(1, 2, 1 << 20, WhenFull.DROP_NEWEST)).start();
        try (RawMqtt one = broker.connect(5, "one").subscribed("$share/g/t", 1);
                RawMqtt two = broker.connect(5, "two").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p");
                LogLines lines = LogLines.capture()) {
            for (int i = 0; i < 20; i++) {
                publisher.send(publish(5, "t", 1, i + 1, "m" + i)).next(RawPacket.PUBACK);
            }
            List<String> got = new ArrayList<>(drained(one, 3));
            got.addAll(drained(two, 3));
            assertThat(got).hasSize(6).doesNotHaveDuplicates();
            lines.expectOne("dropping some [filter=$share/g/t, members=2]");
        }
    }

    @Test
    void acknowledgement_movesNoBookmark() throws Exception {
        broker.start();
        try (RawMqtt client = broker.connect(5, "c").subscribed("$share/g/t", 1);
                RawMqtt publisher = broker.connect(5, "p")) {
            publisher.send(publish(5, "t", 1, 1, "m"));
            client.send(puback(client.next(RawPacket.PUBLISH).packetId()));
            MessageAcked acked = broker.backends.acked.next();
            assertThat(acked.client().value()).isEqualTo("c");
            assertThat(acked.bookmark()).isNull();
        }
    }

    @Test
    void logIsNotReadForASharedSubscription() throws Exception {
        broker.start();
        ConnectPacket persisting = ConnectPacket.of(5, "c").expiry(100);
        try (RawMqtt client = broker.connect(5, persisting).subscribed("$share/g/t", 1)) {
            assertThat(broker.backends.subscribed.next().subscription().filter().value())
                    .isEqualTo("$share/g/t");
            client.expectNothing();
            assertThat(broker.backends.backlog.all()).isEmpty();
        }
    }

    @Test
    void messageThatNobodyCanTakeAnyMore_isForgotten() throws Exception {
        broker.start();
        try (RawMqtt publisher = broker.connect(5, "p")) {
            try (RawMqtt only = broker.connect(5, "only").subscribed("$share/g/t", 1)) {
                publisher.send(publish(5, "t", 1, 1, "m0"));
                only.next(RawPacket.PUBLISH);
            }
            broker.backends.disconnected.next();
            publisher.send(publish(5, "t", 1, 2, "m1"));
            try (RawMqtt later = broker.connect(5, "later").subscribed("$share/g/t", 1)) {
                publisher.send(publish(5, "t", 1, 3, "m2"));
                assertThat(later.next(RawPacket.PUBLISH).payload(5)).isEqualTo("m2");
            }
        }
    }

    @Test
    void order_isKeptTowardsOneMember() throws Exception {
        broker.outbound(new OutboundLimits(100, 10_000, 1 << 20, WhenFull.DROP_NEWEST))
                .start();
        try (RawMqtt one = broker.connect(5, "one").subscribed("$share/g/t", 1);
                RawMqtt two = broker.connect(5, "two").subscribed("$share/g/t", 1)) {
            broker.backends.turn(events -> IntStream.range(0, 1000)
                    .mapToObj(i -> Messages.stored("t", i))
                    .forEach(accepted -> events.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, accepted)));
            assertThat(acknowledged(one, 500)).isSorted().hasSize(500);
            assertThat(acknowledged(two, 500)).isSorted().hasSize(500);
        }
    }

    @Test
    void leastInflight_givesMoreToWhoAcknowledges() throws Exception {
        broker.shared(new SharedOptions(true, SharedStrategy.LEAST_INFLIGHT, true))
                .start();
        try (RawMqtt slow = broker.connect(5, "slow").subscribed("$share/g/t", 1);
                RawMqtt fast = broker.connect(5, "fast").subscribed("$share/g/t", 1)) {
            broker.backends.accept(Messages.stored("t", 0));
            slow.next(RawPacket.PUBLISH);
            for (int i = 1; i <= 20; i++) {
                broker.backends.accept(Messages.stored("t", i));
                fast.send(puback(fast.next(RawPacket.PUBLISH).packetId())).expectNothing();
                broker.backends.turn(nothing -> {}); // the owner has heard of it
            }
            slow.expectNothing();
        }
    }

    private static List<Integer> acknowledged(RawMqtt client, int count) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPacket one = client.next(RawPacket.PUBLISH);
            numbers.add(Integer.valueOf(one.payload(5)));
            client.send(puback(one.packetId()));
        }
        return numbers;
    }

    private static List<String> drained(RawMqtt client, int count) {
        List<String> payloads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawPacket one = client.next(RawPacket.PUBLISH);
            payloads.add(one.payload(5));
            client.send(puback(one.packetId()));
        }
        client.expectNothing();
        return payloads;
    }

    private static List<RawPacket> received(RawMqtt client, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> client.next(RawPacket.PUBLISH))
                .toList();
    }

    private static List<String> payloads(RawMqtt client, int count) {
        return received(client, count).stream()
                .map(packet -> packet.payload(client.version()))
                .toList();
    }

    private static List<String> sent(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    /** The code of the SUBACK. */
    private static int refusal(RawMqtt client, String filter) {
        RawPacket suback = client.send(subscribe(5, 1, filter, 1)).next(RawPacket.SUBACK);
        return suback.at(suback.body().length - 1);
    }

    private static boolean hasProperty(RawPacket connack, int id) {
        return RawProperties.at(connack, 2).has(id);
    }
}
