package io.redshank.broker;

import static io.redshank.broker.EnhancedLoginTest.challengeOf;
import static io.redshank.testkit.Packets.auth;
import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.ScramClient.METHOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawProperties;
import io.redshank.testkit.ScramClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AUTH of connected clients, byte by byte (MQTT 5, section 4.12.1). */
class ReauthenticationTest {
    private static final int CONTINUE = 0x18, REAUTHENTICATE = 0x19;
    private static final int PROTOCOL_ERROR = 0x82, NOT_AUTHORIZED = 0x87;

    private final BrokerFixture broker = new BrokerFixture().logins(TestUsers.logins(10, new Riddle()));

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void rightProof_isASuccess() {
        try (RawMqtt client = connected();
                LogLines log = LogLines.capture()) {
            for (int i = 0; i < 3; i++) {
                reauthenticate(client);
            }
            client.subscribed("t", 0).expectNothing();
            log.expectNone();
        }
    }

    @Test
    void withoutDataAtFirst_isAskedForThem() {
        ScramClient scram = alice();
        try (RawMqtt client = connected()) {
            client.send(auth(REAUTHENTICATE, method(METHOD)));
            RawPacket asked = client.next(RawPacket.AUTH);
            assertThat(asked.at(0)).isEqualTo(CONTINUE);
            client.send(auth(CONTINUE, METHOD, scram.first()));
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            expectSuccess(client, scram);
        }
    }

    @Test
    void allElse_goesOnMeanwhile() {
        ScramClient scram = alice();
        try (RawMqtt client = connected()) {
            client.send(auth(REAUTHENTICATE, METHOD, scram.first()), publish(5, "t", 1, 7, "meanwhile"));
            String serverFirst = challengeOf(client, METHOD);
            client.next(RawPacket.PUBACK);
            client.send(subscribe(5, 8, "u", 0)).next(RawPacket.SUBACK);
            client.send(publish(5, "u", 1, 9, "to myself"));
            assertThat(Stream.of(client.next().type(), client.next().type()))
                    .containsExactlyInAnyOrder(RawPacket.PUBLISH, RawPacket.PUBACK);
            client.send(auth(CONTINUE, METHOD, scram.last(serverFirst)));
            expectSuccess(client, scram);
        }
    }

    @Test
    void wrongProof_endsTheConnection() throws Exception { // [MQTT-4.12.1-2]
        ScramClient scram = new ScramClient(TestUsers.ALICE, "looking-glass");
        try (RawMqtt client = connected();
                LogLines log = LogLines.capture()) {
            client.send(auth(REAUTHENTICATE, METHOD, scram.first()));
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            client.expectDisconnect(NOT_AUTHORIZED);
            log.expectOne("Re-authentication failed [peer=/127.0.0.1:");
            assertThat(log.all().get(0)).contains("user=alice, cause=SCRAM: wrong proof]");
        }
        assertThat(broker.backends.disconnected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @Test
    void proofOfAnotherUser_endsTheConnection() {
        ScramClient scram = new ScramClient(TestUsers.BOB, "builder");
        try (RawMqtt client = connected()) {
            client.send(auth(REAUTHENTICATE, METHOD, scram.first()));
            client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
            client.expectDisconnect(NOT_AUTHORIZED);
        }
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("another method [MQTT-4.12.1-1]", auth(REAUTHENTICATE, Riddle.NAME, "4"), PROTOCOL_ERROR),
                Arguments.of("unknown method [MQTT-4.12.1-1]", auth(REAUTHENTICATE, "GSSAPI", ""), PROTOCOL_ERROR),
                Arguments.of("no method (3.15.2.2.2)", auth(REAUTHENTICATE), PROTOCOL_ERROR),
                Arguments.of("nothing to continue", auth(CONTINUE, METHOD, "x"), PROTOCOL_ERROR),
                Arguments.of("success", auth(0, METHOD, "x"), PROTOCOL_ERROR),
                Arguments.of("empty packet", bytes(0xF0, 0), PROTOCOL_ERROR),
                Arguments.of("nonsense", auth(REAUTHENTICATE, METHOD, "nonsense"), NOT_AUTHORIZED),
                Arguments.of("reserved flags [MQTT-3.15.1-1]", bytes(0xF2, 0), 0x81));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void authThatWillNotDo_endsTheConnection(String what, byte[] packet, int code) {
        try (RawMqtt client = connected();
                LogLines log = LogLines.capture()) {
            client.send(packet).expectDisconnect(code);
            assertThat(log.all()).as(what).hasSize(1);
        }
    }

    @Test
    void anotherBeginningInBetween_endsTheConnection() {
        try (RawMqtt client = connected()) {
            client.send(auth(REAUTHENTICATE, METHOD, alice().first()));
            client.next(RawPacket.AUTH);
            client.send(auth(REAUTHENTICATE, METHOD, alice().first())).expectDisconnect(PROTOCOL_ERROR);
        }
    }

    @Test
    void floodOfAuth_isAnsweredOneByOne() {
        ScramClient scram = alice();
        try (RawMqtt client = connected();
                RawMqtt other = broker.connect(5, "other")) {
            for (int i = 0; i < 500; i++) {
                client.send(auth(REAUTHENTICATE, METHOD, scram.first()));
                client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
                client.next(RawPacket.AUTH);
            }
            byte[] beginning = auth(REAUTHENTICATE, METHOD, scram.first());
            client.send(Stream.generate(() -> beginning).limit(1000).toArray(byte[][]::new));
            client.next(RawPacket.AUTH);
            client.expectDisconnect(PROTOCOL_ERROR);
            other.expectNothing();
        }
    }

    /** [MQTT-4.12.0-7]; a name and a password are no method. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clientWithoutAMethod_maySendNoAuth(boolean password) {
        ConnectPacket connect = ConnectPacket.of(5, "c");
        ConnectPacket packet = password ? connect.username(TestUsers.ALICE).password(TestUsers.PASSWORD) : connect;
        try (RawMqtt client = broker.open(5)) {
            RawPacket connack = client.send(packet.bytes()).next(RawPacket.CONNACK);
            assertThat(RawProperties.at(connack, 2).ids()) // [MQTT-4.12.0-6]
                    .doesNotContain(RawProperties.AUTH_METHOD, RawProperties.AUTH_DATA);
            client.send(auth(REAUTHENTICATE, METHOD, alice().first())).expectDisconnect(PROTOCOL_ERROR);
        }
    }

    @Test
    void authOfMqtt3_endsTheConnection() {
        try (RawMqtt client = broker.connect(4, "c")) {
            client.send(bytes(0xF0, 0)).expectClosed();
        }
    }

    private RawMqtt connected() {
        ScramClient scram = alice();
        RawMqtt client = broker.open(5)
                .send(ConnectPacket.of(5, "c")
                        .method(METHOD)
                        .data(scram.first())
                        .bytes());
        client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
        assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
        return client;
    }

    private static void reauthenticate(RawMqtt client) {
        ScramClient scram = alice();
        client.send(auth(REAUTHENTICATE, METHOD, scram.first()));
        client.send(auth(CONTINUE, METHOD, scram.last(challengeOf(client, METHOD))));
        expectSuccess(client, scram);
    }

    private static void expectSuccess(RawMqtt client, ScramClient scram) {
        RawPacket packet = client.next(RawPacket.AUTH);
        assertThat(packet.at(0)).isZero();
        RawProperties properties = RawProperties.at(packet, 1);
        assertThat(properties.text(RawProperties.AUTH_METHOD)).isEqualTo(METHOD);
        assertThat(scram.trusts(properties.text(RawProperties.AUTH_DATA))).isTrue();
    }

    private static ScramClient alice() {
        return new ScramClient(TestUsers.ALICE, TestUsers.PASSWORD);
    }

    private static byte[] method(String name) {
        return Packets.join(bytes(RawProperties.AUTH_METHOD), Packets.string(name));
    }
}
