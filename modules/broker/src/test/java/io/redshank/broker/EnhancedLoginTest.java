package io.redshank.broker;

import static io.redshank.testkit.Packets.auth;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.ScramClient.METHOD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.auth.LoginOptions;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import io.redshank.testkit.ScramClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enhanced authentication between CONNECT and CONNACK, byte by byte (MQTT 5, section 4.12). */
class EnhancedLoginTest {
    private static final int CONTINUE = 0x18;
    private static final int PROTOCOL_ERROR = 0x82, NOT_AUTHORIZED = 0x87, BAD_METHOD = 0x8C;

    private final BrokerFixture broker = new BrokerFixture().logins(TestUsers.logins(10, new Riddle()));

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void rightProof_isLetIn() throws Exception {
        broker.anonymousAllowed(false).start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect().data(scram.first()).bytes());
            String serverFirst = challengeOf(client, METHOD); // [MQTT-4.12.0-2]
            client.send(auth(CONTINUE, METHOD, scram.last(serverFirst)));
            RawPacket connack = client.next(RawPacket.CONNACK);
            assertThat(connack.at(1)).isZero();
            RawProperties properties = RawProperties.at(connack, 2);
            assertThat(properties.text(RawProperties.AUTH_METHOD)).isEqualTo(METHOD); // [MQTT-4.12.0-5]
            assertThat(scram.trusts(properties.text(RawProperties.AUTH_DATA))).isTrue();
            client.subscribed("t", 0).expectNothing();
            log.expectNone();
        }
        assertThat(broker.backends.connected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectWithoutData_isAskedForThem(boolean empty) throws Exception {
        broker.start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5)) {
            client.send((empty ? connect().data("") : connect()).bytes());
            RawPacket asked = client.next(RawPacket.AUTH);
            assertThat(asked.at(0)).isEqualTo(CONTINUE);
            assertThat(RawProperties.at(asked, 1).ids()).containsExactly(RawProperties.AUTH_METHOD);
            client.send(auth(CONTINUE, METHOD, scram.first()));
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        }
    }

    /** The name and the password beside the method do not count. */
    @Test
    void provedUser_isTheUser() throws Exception {
        broker.start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5)) {
            client.send(connect()
                    .username(TestUsers.BOB)
                    .password("wrong")
                    .data(scram.first())
                    .bytes());
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        }
        assertThat(broker.backends.connected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @Test
    void clientWithoutId_isGivenOne() throws Exception {
        broker.start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5)) {
            client.send(
                    ConnectPacket.of(5, "").method(METHOD).data(scram.first()).bytes());
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            assertThat(RawProperties.at(client.next(RawPacket.CONNACK), 2).ids())
                    .contains(RawProperties.ASSIGNED_CLIENT_ID, RawProperties.AUTH_METHOD, RawProperties.AUTH_DATA);
        }
    }

    @Test
    void mechanismOfMoreSteps_takesThem() throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5)) {
            client.send(ConnectPacket.of(5, "c").method(Riddle.NAME).data("1").bytes());
            for (String step : new String[] {"2", "3", "4"}) {
                assertThat(challengeOf(client, Riddle.NAME)).isEqualTo("not yet");
                client.send(auth(CONTINUE, Riddle.NAME, step));
            }
            RawProperties connack = RawProperties.at(client.next(RawPacket.CONNACK), 2);
            assertThat(connack.text(RawProperties.AUTH_METHOD)).isEqualTo(Riddle.NAME);
            assertThat(connack.has(RawProperties.AUTH_DATA)).isFalse();
        }
        assertThat(broker.backends.connected.next().username()).isEqualTo("oedipus");
    }

    @Test
    void anyMethod_isRefusedWhereThereAreNoUsers() throws Exception {
        broker.logins(LoginOptions.unchecked()).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(connect().data(alice().first()).bytes());
            expectRefused(client, BAD_METHOD);
        }
    }

    @Test
    void disconnectInBetween_endsTheConnection() throws Exception { // [MQTT-3.1.2-30]
        broker.start();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect().data(alice().first()).bytes());
            client.next(RawPacket.AUTH);
            client.send(Packets.DISCONNECT).expectClosed();
            log.expectNone();
        }
    }

    @Test
    void authOutOfTurn_isAnError() throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5)) {
            client.send(
                    ConnectPacket.of(5, "c")
                            .method(Riddle.NAME)
                            .data(Riddle.PONDER)
                            .bytes(),
                    auth(CONTINUE, Riddle.NAME, "2"));
            expectRefused(client, PROTOCOL_ERROR);
        }
    }

    @Test
    void authBehindTheLastOne_isAnError() throws Exception {
        broker.backends.connected.holding(event -> true);
        broker.start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5)) {
            client.send(connect().data(scram.first()).bytes());
            byte[] last = auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD)));
            client.send(last, last);
            expectRefused(client, PROTOCOL_ERROR);
        }
    }

    @Test
    void publishBehindTheLastAuth_isAnError() throws Exception { // [MQTT-3.1.2-30]
        broker.backends.connected.holding(event -> true);
        broker.start();
        ScramClient scram = alice();
        try (RawMqtt client = broker.open(5)) {
            client.send(connect().data(scram.first()).bytes());
            String serverFirst = challengeOf(client, METHOD);
            client.send(auth(CONTINUE, METHOD, scram.last(serverFirst)), publish(5, "t", 0, 0, "early"));
            expectRefused(client, PROTOCOL_ERROR);
        }
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void unknownUser_isToldWhatAKnownOneWithAWrongPasswordIs() throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5)) {
            ScramClient stranger = new ScramClient("stranger", "x");
            client.send(connect().data(stranger.first()).bytes());
            client.send(auth(CONTINUE, METHOD, stranger.last(challengeOf(client, METHOD))));
            expectRefused(client, NOT_AUTHORIZED);
        }
    }

    @Test
    void clientThatSaysNoMore_isClosed() throws Exception {
        broker.connectTimeout(Duration.ofSeconds(1)).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(connect().data(alice().first()).bytes());
            client.next(RawPacket.AUTH);
            client.expectClosed();
        }
    }

    /** Bytes that come slowly do not prolong the time. */
    @Test
    void clientThatGoesOnForEver_isClosed() throws Exception {
        broker.connectTimeout(Duration.ofSeconds(1)).start();
        try (RawMqtt client = broker.open(5)) {
            client.send(
                    ConnectPacket.of(5, "c").method(Riddle.NAME).data("again").bytes());
            RawPacket next = client.nextOrNull();
            while (next != null && next.type() == RawPacket.AUTH) {
                client.send(auth(CONTINUE, Riddle.NAME, "again"));
                next = client.nextOrNull();
            }
            assertThat(next).isNull();
        }
    }

    private static ScramClient alice() {
        return new ScramClient(TestUsers.ALICE, TestUsers.PASSWORD);
    }

    private static ConnectPacket connect() {
        return ConnectPacket.of(5, "c").method(METHOD);
    }

    /** The data of the AUTH that is next. */
    static String challengeOf(RawMqtt client, String method) {
        RawPacket packet = client.next(RawPacket.AUTH);
        assertThat(packet.first()).isEqualTo(0xF0); // [MQTT-3.15.1-1]
        assertThat(packet.at(0)).isEqualTo(CONTINUE);
        RawProperties properties = RawProperties.at(packet, 1);
        assertThat(properties.text(RawProperties.AUTH_METHOD)).isEqualTo(method); // [MQTT-4.12.0-5]
        return new String(properties.binary(RawProperties.AUTH_DATA), UTF_8);
    }

    static void expectRefused(RawMqtt client, int code) { // [MQTT-4.12.0-4]
        RawPacket connack = client.next(RawPacket.CONNACK);
        assertThat(connack.at(1)).as("code of %s", connack).isEqualTo(code);
        client.expectClosed();
    }
}
