package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.auth.LoginOptions;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names and passwords in CONNECT, byte by byte. */
class PasswordLoginTest {
    private static final int WRONG_PASSWORD = 4, NOT_AUTHORIZED = 5, UNAVAILABLE = 3;
    private static final int WRONG_PASSWORD_5 = 0x86, NOT_AUTHORIZED_5 = 0x87, BUSY_5 = 0x89;
    private static final int[] VERSIONS = {3, 4, 5};

    private final BrokerFixture broker = new BrokerFixture().logins(TestUsers.logins());

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void rightPassword_isLetIn(int version) throws Exception {
        broker.start();
        ConnectPacket connect = alice(version).password(TestUsers.PASSWORD);
        try (RawMqtt client = broker.connect(version, connect);
                LogLines log = LogLines.capture()) {
            client.subscribed("t", 0).expectNothing();
            log.expectNone();
        }
        assertThat(broker.backends.connected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void passwordOfAnyBytes_isTakenAsItIs(int version) throws Exception {
        broker.start();
        ConnectPacket connect = ConnectPacket.of(version, "c").username("bytes");
        broker.connect(version, connect.password(TestUsers.BYTES)).close();
        byte[] replaced = new String(TestUsers.BYTES, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        ConnectPacket other = ConnectPacket.of(version, "c").username("bytes").password(replaced);
        assertThat(codeFor(version, other)).isEqualTo(version == 5 ? WRONG_PASSWORD_5 : WRONG_PASSWORD);
    }

    static Stream<Arguments> wrong() {
        List<Arguments> rows = new ArrayList<>();
        for (int version : VERSIONS) {
            rows.add(Arguments.of(version, "wrong password", alice(version).password("looking-glass")));
            rows.add(Arguments.of(version, "no password", alice(version)));
            rows.add(Arguments.of(version, "empty password", alice(version).password("")));
            rows.add(Arguments.of(
                    version,
                    "unknown user",
                    ConnectPacket.of(version, "c").username("nobody").password(TestUsers.PASSWORD)));
            rows.add(Arguments.of(
                    version,
                    "empty user name",
                    ConnectPacket.of(version, "c").username("").password(TestUsers.PASSWORD)));
            rows.add(Arguments.of(
                    version,
                    "password of another user",
                    ConnectPacket.of(version, "c").username(TestUsers.BOB).password(TestUsers.PASSWORD)));
        }
        return rows.stream();
    }

    /** One code for all: what is wrong is not told. */
    @ParameterizedTest(name = "MQTT {0}, {1}")
    @MethodSource("wrong")
    void wrongCredentials_areRefused(int version, String what, ConnectPacket connect)
            throws Exception { // [MQTT-3.2.2-5] of 3.1.1
        broker.start();
        try (RawMqtt client = broker.open(version);
                LogLines log = LogLines.capture()) {
            client.send(connect.bytes(), publish(version, "t", 1, 1, "is let go"));
            expectRefused(client, version == 5 ? WRONG_PASSWORD_5 : WRONG_PASSWORD);
            log.expectOne("CONNECT refused [peer=/127.0.0.1:");
            assertThat(log.all()).as(what).noneMatch(line -> line.contains(TestUsers.PASSWORD));
        }
        assertThat(broker.backends.connected.all()).isEmpty();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    @Test
    void refusal_namesTheUserInOneLine() throws Exception {
        broker.start();
        try (LogLines log = LogLines.capture()) {
            assertThat(codeFor(
                            4,
                            ConnectPacket.of(4, "c")
                                    .username("x\nERROR forged\u202E")
                                    .password("p")))
                    .isEqualTo(WRONG_PASSWORD);
            log.expectOne("no such user, user=x?ERROR forged?]");
        }
    }

    /** Somebody who tries passwords, or a fleet of devices with an old one, does not fill the log. */
    @Test
    void manyRefusals_areOneLine() throws Exception {
        broker.start();
        try (LogLines log = LogLines.capture()) {
            for (int times = 0; times < 10; times++) {
                assertThat(codeFor(4, alice(4).password("wrong"))).isEqualTo(WRONG_PASSWORD);
                assertThat(codeFor(5, alice(5).password("wrong"))).isEqualTo(WRONG_PASSWORD_5);
            }
            log.expectOne("since the last such line=1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void clientWithoutName_isRefusedWhereThatIsNotAllowed(int version) throws Exception {
        broker.anonymousAllowed(false);
        broker.start();
        try (LogLines log = LogLines.capture()) {
            assertThat(codeFor(version, ConnectPacket.of(version, "c")))
                    .isEqualTo(version == 5 ? NOT_AUTHORIZED_5 : NOT_AUTHORIZED);
            log.expectOne("no user name");
        }
        broker.connect(version, alice(version).password(TestUsers.PASSWORD)).close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void clientWithoutName_isLetInWhereThatIsAllowed(int version) throws Exception {
        broker.start();
        broker.connect(version, "c").close();
        assertThat(broker.backends.connected.next().username()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void passwordWithoutName_endsTheConnectionOfMqtt3(int version)
            throws Exception { // [MQTT-3.1.2-22] of 3.1.1, [MQTT-3.1.4-1]
        broker.start();
        try (RawMqtt client = broker.open(version);
                LogLines log = LogLines.capture()) {
            client.send(ConnectPacket.of(version, "c").password("p").bytes()).expectClosed();
            log.expectOne("a password without a user name");
        }
    }

    @Test
    void passwordWithoutName_isAnonymousInMqtt5() throws Exception { // MQTT 5, 3.1.2.9
        broker.start();
        broker.connect(5, ConnectPacket.of(5, "c").password("p")).close();
        assertThat(broker.backends.connected.next().username()).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void anyName_isTakenWhereNobodyIsChecked(int version) throws Exception {
        broker.logins(LoginOptions.unchecked());
        broker.start();
        broker.connect(version, alice(version).password("whatever")).close();
        assertThat(broker.backends.connected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void whatFollowsConnect_waitsForTheCheck(int version) throws Exception { // [MQTT-3.1.4-5] of 3.1.1
        broker.start();
        try (RawMqtt client = broker.open(version)) {
            client.send(
                    alice(version).password(TestUsers.PASSWORD).bytes(),
                    publish(version, "t", 1, 7, "early"),
                    Packets.PINGREQ);
            assertThat(client.next(RawPacket.CONNACK).at(1)).isZero();
            assertThat(Stream.of(client.next().type(), client.next().type()))
                    .containsExactlyInAnyOrder(RawPacket.PUBACK, RawPacket.PINGRESP);
            client.send(publish(version, "t", 1, 8, "later")).next(RawPacket.PUBACK);
        }
    }

    @Test
    void malformedPacketDuringTheCheck_endsTheConnection() throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5)) {
            client.send(alice(5).password(TestUsers.PASSWORD).bytes(), bytes(0x36, 1, 0));
            expectRefused(client, 0x81);
        }
        assertThat(broker.backends.connected.all()).isEmpty();
    }

    @Test
    void clientThatLeavesDuringTheCheck_isForgotten() throws Exception {
        broker.start();
        for (int i = 0; i < 50; i++) {
            try (RawMqtt client = broker.open(4)) {
                client.send(alice(4).password(TestUsers.PASSWORD).bytes(), publish(4, "t", 1, 7, "early"));
            }
        }
        broker.connect(4, ConnectPacket.of(4, "last").username(TestUsers.BOB).password("builder"))
                .close();
        broker.connect(4, ConnectPacket.of(4, "last").username(TestUsers.BOB).password("builder"))
                .close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void passwordsBeyondTheBound_areToldThatTheServerIsBusy(int version) throws Exception {
        broker.logins(TestUsers.logins(1));
        broker.start();
        List<RawMqtt> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                byte[] connect = ConnectPacket.of(version, "c" + i)
                        .username(TestUsers.ALICE)
                        .password(TestUsers.PASSWORD)
                        .bytes();
                clients.add(broker.open(version).send(connect));
            }
            List<Integer> codes = clients.stream()
                    .map(client -> client.next(RawPacket.CONNACK).at(1))
                    .toList();
            assertThat(codes).contains(0).containsOnly(0, version == 5 ? BUSY_5 : UNAVAILABLE);
        } finally {
            clients.forEach(RawMqtt::close);
        }
        broker.connect(version, alice(version).password(TestUsers.PASSWORD)).close();
    }

    private static ConnectPacket alice(int version) {
        return ConnectPacket.of(version, "c").username(TestUsers.ALICE);
    }

    private int codeFor(int version, ConnectPacket connect) {
        try (RawMqtt client = broker.open(version)) {
            int code = client.send(connect.bytes()).next(RawPacket.CONNACK).at(1);
            client.expectClosed();
            return code;
        }
    }

    private static void expectRefused(RawMqtt client, int code) {
        RawPacket connack = client.next(RawPacket.CONNACK);
        assertThat(connack.at(0)).as("session present [MQTT-3.2.2-6]").isZero();
        assertThat(connack.at(1)).isEqualTo(code);
        client.expectClosed();
    }
}
