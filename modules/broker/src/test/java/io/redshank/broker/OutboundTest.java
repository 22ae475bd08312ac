package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.puback;
import static io.redshank.testkit.Packets.pubcomp;
import static io.redshank.testkit.Packets.pubrec;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.broker.OutboundLimits.WhenFull;
import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.MessageAccepted;
import io.redshank.model.Message;
import io.redshank.model.Qos;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages on their way to clients. */
class OutboundTest {
    private static final int WINDOW = 5;
    private static final int QUEUE = 10;

    private final BrokerFixture broker =
            new BrokerFixture().outbound(new OutboundLimits(WINDOW, QUEUE, 100_000, WhenFull.DROP_NEWEST));

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private void accept(int first, int last) throws Exception {
        for (int number = first; number <= last; number++) {
            broker.backends.accept(Messages.stored("t", number));
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "0,2,0", "1,0,0", "1,1,1", "1,2,1", "2,1,1", "2,2,2"})
    void delivery_isAtTheLowerOfBothQualities(int published, int subscribed, int delivered)
            throws Exception { // [MQTT-3.8.4-8]
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", subscribed)) {
            broker.backends.accept(new MessageAccepted(Messages.message("t", 1, Qos.of(published)), null, false));
            assertThat(client.next(RawPacket.PUBLISH).qos()).isEqualTo(delivered);
        }
    }

    @ParameterizedTest
    @CsvSource({"4,0,5", "5,0,5", "5,2,2", "5,200,5"})
    void window_isTheSmallerOfOursAndTheClients(int version, int receiveMaximum, int window)
            throws Exception { // [MQTT-3.3.4-9]
        ConnectPacket connect = ConnectPacket.of(version, "c");
        try (RawMqtt client =
                broker.connect(version, receiveMaximum == 0 ? connect : connect.receiveMaximum(receiveMaximum))) {
            client.subscribed("t", 1);
            accept(1, 10);
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < window; i++) {
                ids.add(client.next(RawPacket.PUBLISH).packetId());
            }
            client.expectNothing();
            client.send(puback(ids.get(1)));
            assertThat(client.next(RawPacket.PUBLISH).payload(version)).isEqualTo(Integer.toString(window + 1));
            client.expectNothing();
        }
    }

    @Test
    void queue_isBoundedAndKeepsTheOldest() throws Exception {
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", 1);
                LogLines log = LogLines.capture()) {
            accept(1, WINDOW + QUEUE + 5);
            List<String> received = new ArrayList<>();
            for (int i = 0; i < WINDOW + QUEUE; i++) {
                RawPacket packet = client.next(RawPacket.PUBLISH);
                received.add(packet.payload(4));
                client.send(puback(packet.packetId()));
            }
            client.expectNothing();
            assertThat(received).containsExactlyElementsOf(numbers(1, WINDOW + QUEUE));
            log.expectOne("dropping some");
        }
    }

    @Test
    void queue_isBoundedInBytesToo() throws Exception {
        try (RawMqtt client = broker.connect(4, "c").subscribed("t", 1)) {
            for (int number = 1; number <= 10; number++) {
                broker.backends.accept(new MessageAccepted(
                        Messages.message("t", number, Qos.AT_LEAST_ONCE, new byte[40_000]), null, true));
            }
            int received = 0;
            for (RawPacket packet = client.next(RawPacket.PUBLISH); received < 6; received++) {
                client.send(puback(packet.packetId()));
                packet = client.next(RawPacket.PUBLISH);
            }
            client.expectNothing(); // five in the window, two of 100 000 bytes in the queue
        }
    }

    static List<String> numbers(int first, int last) {
        List<String> numbers = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            numbers.add(Integer.toString(number));
        }
        return numbers;
    }

    @Test
    void qos2_isReleasedAndCompleted() throws Exception { // [MQTT-4.3.3-1] to [MQTT-4.3.3-6]
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").receiveMaximum(1))) {
            client.subscribed("t", 2);
            for (int number = 1; number <= 2; number++) {
                broker.backends.accept(
                        new MessageAccepted(Messages.message("t", number, Qos.EXACTLY_ONCE), null, true));
            }
            int id = client.next(RawPacket.PUBLISH).packetId();
            client.send(pubrec(id)).expect(packet(0x62, u16(id)));
            assertThat(broker.backends.acked.next().message()).isEqualTo(Messages.id(1));
            client.send(pubrec(id)).expect(packet(0x62, u16(id))); // asked again, answered again
            client.send(pubcomp(id));
            RawPacket second = client.next(RawPacket.PUBLISH);
            assertThat(second.payload(5)).isEqualTo("2");
            client.send(packet(0x50, u16(second.packetId()), bytes(0x87))).expectNothing(); // refused: no PUBREL
            assertThat(broker.backends.acked.next().message()).isEqualTo(Messages.id(2));
            assertThat(broker.backends.acked.all()).hasSize(2);
        }
    }

    @Test
    void pubrecOfUnknownId_isReleasedAsSuch() { // MQTT 5, 3.6.2.1
        try (RawMqtt older = broker.connect(4, "older");
                RawMqtt newer = broker.connect(5, "newer")) {
            older.send(pubrec(9)).expect(bytes(0x62, 2, 0, 9));
            newer.send(pubrec(9)).expect(bytes(0x62, 4, 0, 9, 0x92, 0));
            newer.send(puback(9), pubcomp(9)).expectNothing();
            newer.send(packet(0x50, u16(9), bytes(0x87))).expectNothing(); // [MQTT-4.3.3-4]
        }
    }

    @ParameterizedTest
    @CsvSource({"1,0x50", "1,0x70", "2,0x40", "2,0x70"})
    void acknowledgementOfAnotherKind_isAProtocolError(int qos, String first) throws Exception { // MQTT 5, 4.13.1
        for (int version : new int[] {4, 5}) {
            try (RawMqtt client = broker.connect(version, "c" + version).subscribed("t", qos);
                    LogLines log = LogLines.capture()) {
                broker.backends.accept(new MessageAccepted(Messages.message("t", version, Qos.of(qos)), null, true));
                int id = client.next(RawPacket.PUBLISH).packetId();
                client.send(packet(Integer.decode(first), u16(id)));
                if (version == 5) {
                    client.expectDisconnect(0x82);
                } else {
                    client.expectClosed();
                }
                log.expectOne("waits for another packet");
            }
        }
        assertThat(broker.backends.acked.all()).isEmpty();
    }

    @Test
    void packetIds_areNeverUsedTwiceAtOnce() throws Exception { // [MQTT-2.2.1-4]
        try (BrokerFixture wide = new BrokerFixture()
                        .outbound(new OutboundLimits(100, 100_000, 1 << 20, WhenFull.DROP_NEWEST))
                        .interest(new Interest(List.of(), List.of(), List.of(), List.of()))
                        .start();
                RawMqtt client = wide.connect(4, "c").subscribed("t", 1)) {
            int stuck = 0;
            Set<Integer> underway = new HashSet<>();
            for (int round = 0; round < 680; round++) {
                int base = round * 100;
                wide.backends.turn(events -> {
                    for (int number = base; number < base + 100; number++) {
                        events.sendToAll(EventTypes.MESSAGE_ACCEPTED, Concern.BROKER, Messages.stored("t", number));
                    }
                });
                int expected = round == 0 ? 100 : 99;
                for (int i = 0; i < expected; i++) {
                    int id = client.next(RawPacket.PUBLISH).packetId();
                    assertThat(underway.add(id)).as("%s in round %s", id, round).isTrue();
                    assertThat(id).isBetween(1, 65_535);
                    if (stuck == 0) {
                        stuck = id; // never acknowledged, and met again after the wrap-around
                    } else {
                        underway.remove(id);
                        client.send(puback(id));
                    }
                }
            }
            assertThat(underway).containsExactly(stuck);
        }
    }

    @Test
    void maximumPacketSize_isTheWholePacket() throws Exception { // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
        int size = 300;
        int overhead = 1 + 2 + 2 + "ä".length() * 2 + 2 + 1; // with an UTF-8 topic and a length of two bytes
        try (RawMqtt client = broker.connect(5, ConnectPacket.of(5, "c").property(0x27, u32(size)))) {
            client.subscribed("ä", 1);
            for (int bytes : new int[] {size - overhead + 1, size - overhead}) {
                Message message = Messages.message("ä", 1000 - bytes, Qos.AT_LEAST_ONCE, new byte[bytes]);
                broker.backends.accept(new MessageAccepted(message, null, true));
            }
            assertThat(client.next(RawPacket.PUBLISH).size()).isEqualTo(size);
            client.expectNothing();
        }
    }

    @Test
    void deliveriesAndAcknowledgements_areTold() throws Exception {
        try (RawMqtt client = broker.connect(4, ConnectPacket.of(4, "c").username("u"))) {
            client.subscribed("t", 1);
            accept(1, 3);
            List<Integer> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ids.add(client.next(RawPacket.PUBLISH).packetId());
                assertThat(broker.backends.delivered.next().message()).isEqualTo(Messages.id(i + 1));
            }
            client.send(puback(ids.get(1)));
            assertThat(broker.backends.acked.next().bookmark()).isNull();
            client.send(puback(ids.get(0)));
            var second = broker.backends.acked.next();
            assertThat(second.message()).isEqualTo(Messages.id(1));
            assertThat(second.bookmark()).isEqualTo(Messages.id(2));
            assertThat(second.username()).isEqualTo("u");
            client.send(puback(ids.get(0)), puback(ids.get(2)));
            assertThat(broker.backends.acked.next().bookmark()).isEqualTo(Messages.id(3));
        }
    }
}
