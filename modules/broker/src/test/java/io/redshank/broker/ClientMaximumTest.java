package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.packet;
import static io.redshank.testkit.Packets.properties;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.u16;
import static io.redshank.testkit.Packets.u32;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client gets that takes small packets only: nothing above its maximum [MQTT-3.1.2-24]. */
class ClientMaximumTest {
    /** Header, flags, code, length of properties, receive maximum, maximum packet size. */
    private static final int LEAST = 2 + 1 + 1 + 1 + 3 + 5;

    private static final int TOPIC_ALIASES = 3;
    /** That of the fixture. */
    private static final int RESPONSE_INFORMATION = 3 + "info/".length();

    private final BrokerFixture broker = new BrokerFixture();

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    private static ConnectPacket connect(int maximum) {
        return connect(maximum, "c");
    }

    private static ConnectPacket connect(int maximum, String id) {
        return ConnectPacket.of(5, id).property(0x27, u32(maximum)).property(0x19, bytes(1)); // response information
    }

    @ParameterizedTest
    @CsvSource({"0,true,true", "-1,false,true", "-8,false,true", "-9,false,false", "-11,false,false"})
    void connack_isWithoutWhatMakesItTooLarge(int less, boolean information, boolean aliases) throws Exception {
        broker.start();
        int maximum = LEAST + TOPIC_ALIASES + RESPONSE_INFORMATION + less;
        try (RawMqtt client = broker.open(5).send(connect(maximum).bytes())) {
            RawPacket connack = client.next(RawPacket.CONNACK);
            assertThat(connack.at(1)).isZero();
            assertThat(connack.size()).isLessThanOrEqualTo(maximum);
            RawProperties told = RawProperties.at(connack, 2);
            assertThat(told.has(RawProperties.RESPONSE_INFORMATION)).isEqualTo(information);
            assertThat(told.has(RawProperties.TOPIC_ALIAS_MAXIMUM)).isEqualTo(aliases);
            assertThat(told.has(RawProperties.RECEIVE_MAXIMUM)).isTrue();
            client.subscribed("t", 1).expectNothing();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {LEAST - 1, 5})
    void clientThatCannotTakeConnack_isRefusedInFewerBytes(int maximum) throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect(maximum).will("w", "gone", 0).bytes());
            client.expect(bytes(0x20, 3, 0, 0x83, 0)).expectClosed();
            log.expectOne("takes no packets as large as CONNACK");
        }
        assertThat(broker.backends.connected.all()).isEmpty();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 1})
    void clientThatCannotTakeEvenThat_isClosed(int maximum) throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect(maximum).bytes(), Packets.PINGREQ).expectClosed();
            log.expectOne("takes no packets as large as CONNACK");
        }
    }

    @Test
    void idThatWasAssigned_hasToFit() throws Exception { // [MQTT-3.1.3-7]
        broker.start();
        try (RawMqtt client = broker.open(5).send(connect(50, "").bytes())) {
            client.expect(bytes(0x20, 3, 0, 0x83, 0)).expectClosed();
        }
        try (RawMqtt client = broker.open(5).send(connect(60, "").bytes())) {
            RawPacket connack = client.next(RawPacket.CONNACK);
            assertThat(RawProperties.at(connack, 2).has(RawProperties.ASSIGNED_CLIENT_ID))
                    .isTrue();
        }
    }

    @Test
    void refusal_isToldInWordsWhereTheyFit() throws Exception { // [MQTT-3.2.2-19]
        broker.redirect(new Redirect("other", Redirect.When.TEMPORARILY)).start();
        int full = 5 + 3 + "clients are sent elsewhere".length() + 3 + "other".length();
        try (RawMqtt client = broker.open(5).send(connect(full).bytes())) {
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.ids())
                    .containsExactlyInAnyOrder(RawProperties.REASON_STRING, RawProperties.SERVER_REFERENCE);
        }
        try (RawMqtt client = broker.open(5).send(connect(full - 1).bytes())) {
            RawProperties told = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(told.ids()).containsExactly(RawProperties.SERVER_REFERENCE);
        }
        try (RawMqtt client = broker.open(5).send(connect(12).bytes())) {
            client.expect(bytes(0x20, 3, 0, 0x9C, 0)).expectClosed();
        }
    }

    @Test
    void refusalOfALogin_isToldInWordsWhereTheyFit() throws Exception {
        broker.logins(TestUsers.logins(10, new Riddle())).start();
        try (RawMqtt client = broker.open(5).send(connect(20).method("none").bytes())) {
            client.expect(bytes(0x20, 3, 0, 0x8C, 0)).expectClosed();
        }
        try (RawMqtt client = broker.open(5).send(connect(4).method("none").bytes())) {
            client.expectClosed();
        }
    }

    /** Nothing is subscribed then: the client could not know. */
    @Test
    void answerToManyFilters_isNotSentWhereItIsTooLarge() throws Exception {
        broker.start();
        int most = 50 - 2 - 2 - 1;
        try (RawMqtt client = broker.connect(5, connect(50))) {
            client.send(many(0x82, most, bytes(0)));
            assertThat(client.next(RawPacket.SUBACK).size()).isEqualTo(50);
            client.send(many(0xA2, most));
            assertThat(client.next(RawPacket.UNSUBACK).size()).isEqualTo(50);
            client.send(many(0xA2, most + 1)).expectDisconnect(0x95);
        }
        int subscribed = broker.backends.subscribed.all().size();
        try (RawMqtt client = broker.connect(5, connect(50));
                LogLines log = LogLines.capture()) {
            client.send(many(0x82, most + 1, bytes(0))).expectDisconnect(0x95);
            log.expectOne("too large for it");
        }
        assertThat(broker.backends.subscribed.all()).hasSize(subscribed);
    }

    private static byte[] many(int first, int filters, byte[]... options) {
        byte[] filter = Packets.join(string("f"), Packets.join(options));
        return packet(
                first,
                u16(7),
                properties(5),
                Packets.join(Collections.nCopies(filters, filter).toArray(new byte[0][])));
    }
}
