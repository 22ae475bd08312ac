package io.redshank.broker;

import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.LifecycleEvent;
import io.redshank.events.SessionFound;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client id has one connection at a time [MQTT-3.1.4-3]. Connections go to the two instances in turn. */
class TakeoverTest {
    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest(name = "{0} connections between")
    @ValueSource(ints = {0, 1, 2, 3})
    void newerConnection_endsTheOlder(int between) throws Exception {
        List<RawMqtt> others = new ArrayList<>();
        try (RawMqtt older = broker.connect(5, "c")) {
            for (int i = 0; i < between; i++) {
                others.add(broker.connect(4, "other" + i));
            }
            try (RawMqtt newer = broker.connect(4, "c")) {
                older.expectDisconnect(0x8E);
                newer.expectNothing();
            }
        }
        others.forEach(RawMqtt::close);
        List<LifecycleEvent> comings = comingsOf("c", 3);
        assertThat(comings.get(0)).isInstanceOf(ClientConnected.class);
        assertThat(comings.get(1))
                .isInstanceOfSatisfying(
                        ClientDisconnected.class,
                        end -> assertThat(end.epoch()).isEqualTo(((ClientConnected) comings.get(0)).epoch()));
        assertThat(comings.get(2))
                .isInstanceOfSatisfying(
                        ClientConnected.class,
                        begin -> assertThat(begin.epoch()).isGreaterThan(((ClientConnected) comings.get(0)).epoch()));
    }

    @Test
    void newerConnection_waitsUntilTheEndOfTheOlderIsTold() throws Exception {
        broker.backends.disconnected.holding(event -> true);
        try (RawMqtt older = broker.connect(4, "c");
                RawMqtt newer = broker.open(4)) {
            newer.send(ConnectPacket.of(4, "c").bytes());
            older.expectClosed();
            Stub.Asked<ClientDisconnected, Answer> end = broker.backends.disconnected.nextHeld();
            assertThat(broker.backends.connected.all()).hasSize(1);
            broker.backends.disconnected.holding(event -> false);
            end.answer();
            newer.next(RawPacket.CONNACK);
        }
    }

    @Test
    void manyConnectsOfOneId_leaveOne() throws Exception {
        int rounds = 5;
        int clients = 30;
        for (int round = 0; round < rounds; round++) {
            List<RawMqtt> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(broker.open(4));
            }
            all.forEach(client -> client.send(ConnectPacket.of(4, "c").bytes()));
            assertThat(survivorsOf(all))
                    .hasSize(1)
                    .first()
                    .satisfies(survivor -> survivor.subscribed("t", 0)
                            .send(publish(4, "t", 0, 0, "p"))
                            .next(RawPacket.PUBLISH));
            all.forEach(RawMqtt::close);
        }
    }

    /** Two ids that are fought for on both instances at once: nobody may wait for somebody who waits for him. */
    @Test
    void manyConnectsOfSomeIds_leaveOneOfEach() throws Exception {
        List<RawMqtt> all = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            all.add(broker.open(4));
        }
        for (int i = 0; i < all.size(); i++) {
            all.get(i).send(ConnectPacket.of(4, "c" + i % 6).bytes());
        }
        assertThat(survivorsOf(all)).hasSize(6);
        all.forEach(RawMqtt::close);
    }

    /** Those that are connected at last: who has been let in may be put out again by a later one. */
    private static List<RawMqtt> survivorsOf(List<RawMqtt> clients) {
        List<RawMqtt> letIn =
                clients.stream().filter(client -> client.nextOrNull() != null).toList();
        return letIn.stream().filter(TakeoverTest::staysConnected).toList();
    }

    /** Whether the broker keeps this connection, which answers a ping then. */
    private static boolean staysConnected(RawMqtt client) {
        try {
            client.send(Packets.PINGREQ);
        } catch (UncheckedIOException closed) {
            return false;
        }
        return client.nextOrNull() != null;
    }

    @Test
    void connectionClosedWhileItsClaimWaits_leavesNothing() throws Exception {
        broker.backends.disconnected.holding(event -> true);
        try (RawMqtt older = broker.connect(4, "c")) {
            RawMqtt impatient = broker.open(4).send(ConnectPacket.of(4, "c").bytes());
            Stub.Asked<ClientDisconnected, Answer> end = broker.backends.disconnected.nextHeld();
            older.expectClosed();
            impatient.close();
            broker.backends.disconnected.holding(event -> false);
            end.answer();
        }
        try (RawMqtt next = broker.connect(4, "c")) {
            next.expectNothing();
        }
        assertThat(comingsOf("c", 3).get(2)).isInstanceOf(ClientConnected.class);
    }

    @Test
    void connectionClosedWhileItsConnectWaits_leavesNothing() throws Exception {
        broker.backends.connected.holding(event -> true);
        RawMqtt impatient = broker.open(4)
                .send(ConnectPacket.of(4, "c").will("w", "will", 0).bytes());
        Stub.Asked<ClientConnected, SessionFound> asked = broker.backends.connected.nextHeld();
        broker.backends.connected.holding(event -> false);
        impatient.close();
        assertThat(broker.backends.disconnected.next().epoch())
                .isEqualTo(asked.event().epoch());
        asked.answer();
        try (RawMqtt next = broker.connect(4, "c")) {
            next.send(subscribe(4, 1, "t", 0)).next(RawPacket.SUBACK);
        }
    }

    @Test
    void connectionTakenOverBeforeItsConnack_isClosedWithoutAWord() throws Exception { // [MQTT-3.2.0-1]
        broker.backends.connected.holding(event -> true);
        try (RawMqtt older = broker.open(5).send(ConnectPacket.of(5, "c").bytes())) {
            broker.backends.connected.nextHeld();
            broker.backends.connected.holding(event -> false);
            try (RawMqtt newer = broker.connect(5, "c")) {
                older.expectClosed();
                newer.expectNothing();
            }
        }
    }

    @Test
    void idOfAClientThatLeft_isFreeAtOnce() throws Exception {
        for (int i = 0; i < 10; i++) {
            try (RawMqtt client = broker.connect(4, "c")) {
                client.expectNothing();
            }
        }
        List<LifecycleEvent> comings = comingsOf("c", 20);
        for (int i = 0; i < comings.size(); i++) {
            assertThat(comings.get(i)).isInstanceOf(i % 2 == 0 ? ClientConnected.class : ClientDisconnected.class);
        }
    }

    /** So many connects and disconnects of a client, as soon as they are told. */
    private List<LifecycleEvent> comingsOf(String client, int count) throws InterruptedException {
        while (of(client).size() < count) {
            broker.backends.disconnected.next();
        }
        return of(client).subList(0, count);
    }

    private List<LifecycleEvent> of(String client) {
        return broker.backends.comings.stream()
                .filter(event -> event.client().value().equals(client))
                .toList();
    }
}
