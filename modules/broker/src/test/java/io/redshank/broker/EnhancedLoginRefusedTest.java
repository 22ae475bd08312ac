package io.redshank.broker;

import static io.redshank.broker.EnhancedLoginTest.challengeOf;
import static io.redshank.broker.EnhancedLoginTest.expectRefused;
import static io.redshank.testkit.Packets.auth;
import static io.redshank.testkit.Packets.binary;
import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.join;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.string;
import static io.redshank.testkit.Packets.subscribe;
import static io.redshank.testkit.Packets.u32;
import static io.redshank.testkit.ScramClient.METHOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawProperties;
import io.redshank.testkit.ScramClient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused between CONNECT and CONNACK of a client that names a method, byte by byte (MQTT 5, section 4.12). */
class EnhancedLoginRefusedTest {
    private static final int CONTINUE = 0x18;
    private static final int PROTOCOL_ERROR = 0x82, NOT_AUTHORIZED = 0x87, BAD_METHOD = 0x8C;

    private final BrokerFixture broker = new BrokerFixture().logins(TestUsers.logins(10, new Riddle()));

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    static Stream<Arguments> refusedConnects() {
        return Stream.of(
                Arguments.of("unknown method [MQTT-4.12.0-1]", connect("GSSAPI").data("x"), BAD_METHOD),
                Arguments.of("channel binding", connect("SCRAM-SHA-256-PLUS").data("x"), BAD_METHOD),
                Arguments.of("another spelling", connect("scram-sha-256").data("x"), BAD_METHOD),
                Arguments.of("empty method", connect(""), BAD_METHOD),
                Arguments.of(
                        "data without a method (3.1.2.11.10)",
                        ConnectPacket.of(5, "c").data("n,,n=alice,r=abc"),
                        PROTOCOL_ERROR),
                Arguments.of("nonsense", connect(METHOD).data("hello"), NOT_AUTHORIZED),
                Arguments.of("truncated", connect(METHOD).data("n,,n=ali"), NOT_AUTHORIZED),
                Arguments.of("p= header", connect(METHOD).data("p=tls-unique,,n=alice,r=abc"), NOT_AUTHORIZED),
                Arguments.of("huge nonce", connect(METHOD).data("n,,n=alice,r=" + "x".repeat(60_000)), NOT_AUTHORIZED),
                Arguments.of(
                        "no UTF-8",
                        connect(METHOD).property(RawProperties.AUTH_DATA, binary(bytes(0xFF, 0xFE))),
                        NOT_AUTHORIZED),
                Arguments.of(
                        "an AUTH would be larger than the client takes [MQTT-3.1.2-24]",
                        connect(METHOD).property(0x27, u32(60)).data("n,,n=alice,r=abc"),
                        NOT_AUTHORIZED));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedConnects")
    void connectThatWillNotDo_isRefused(String what, ConnectPacket connect, int code) throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect.bytes());
            expectRefused(client, code);
            assertThat(log.all()).as(what).hasSize(1);
        }
        assertThat(broker.backends.connected.all()).isEmpty();
    }

    static Stream<Arguments> refusedAuths() {
        return Stream.of(
                Arguments.of("wrong password", authOf("looking-glass"), NOT_AUTHORIZED),
                Arguments.of("no proof", (Answer) first -> auth(CONTINUE, METHOD, "c=biws,r=abc"), NOT_AUTHORIZED),
                Arguments.of("empty data", (Answer) first -> auth(CONTINUE, METHOD, ""), NOT_AUTHORIZED),
                Arguments.of("no data", (Answer) first -> auth(CONTINUE, methodProperty(METHOD)), NOT_AUTHORIZED),
                Arguments.of(
                        "client-first again",
                        (Answer) first -> auth(CONTINUE, METHOD, "n,,n=alice,r=abc"),
                        NOT_AUTHORIZED),
                Arguments.of(
                        "another method [MQTT-4.12.0-5]",
                        (Answer) first -> auth(CONTINUE, Riddle.NAME, "4"),
                        PROTOCOL_ERROR),
                Arguments.of("no method (3.15.2.2.2)", (Answer) first -> auth(CONTINUE), PROTOCOL_ERROR),
                Arguments.of("reason success [MQTT-4.12.0-3]", (Answer) first -> auth(0, METHOD, "x"), PROTOCOL_ERROR),
                Arguments.of("empty packet", (Answer) first -> bytes(0xF0, 0), PROTOCOL_ERROR),
                Arguments.of(
                        "re-authentication [MQTT-4.12.0-3]", (Answer) first -> auth(0x19, METHOD, "x"), PROTOCOL_ERROR),
                Arguments.of("unknown reason", (Answer) first -> auth(0x55, METHOD, "x"), PROTOCOL_ERROR),
                Arguments.of(
                        "PUBLISH [MQTT-3.1.2-30]", (Answer) first -> publish(5, "t", 1, 1, "early"), PROTOCOL_ERROR),
                Arguments.of("SUBSCRIBE [MQTT-3.1.2-30]", (Answer) first -> subscribe(5, 1, "t", 0), PROTOCOL_ERROR),
                Arguments.of("PINGREQ [MQTT-3.1.2-30]", (Answer) first -> Packets.PINGREQ, PROTOCOL_ERROR),
                Arguments.of(
                        "a second CONNECT [MQTT-3.1.0-2]",
                        (Answer) first -> ConnectPacket.of(5, "c").bytes(),
                        PROTOCOL_ERROR),
                Arguments.of("reserved flags in AUTH [MQTT-3.15.1-1]", (Answer) first -> bytes(0xF1, 0), 0x81),
                Arguments.of("unknown property in AUTH", (Answer) first -> bytes(0xF0, 3, CONTINUE, 1, 0x7F), 0x81));
    }

    /** What a client says to the server-first message. */
    private interface Answer {
        byte[] to(String serverFirst);
    }

    private static Answer authOf(String password) {
        return first -> {
            String nonce = first.substring(2, 5);
            return auth(
                    CONTINUE,
                    METHOD,
                    new ScramClient(TestUsers.ALICE, password).nonce(nonce).last(first));
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedAuths")
    void answerThatWillNotDo_isRefused(String what, Answer answer, int code) throws Exception {
        broker.start();
        try (RawMqtt client = broker.open(5);
                LogLines log = LogLines.capture()) {
            client.send(connect(METHOD).data(alice().nonce("abc").first()).bytes());
            client.send(answer.to(challengeOf(client, METHOD)));
            expectRefused(client, code);
            assertThat(log.all()).as(what).hasSize(1);
        }
        assertThat(broker.backends.connected.all()).isEmpty();
        assertThat(broker.backends.published.all()).isEmpty();
    }

    private static ScramClient alice() {
        return new ScramClient(TestUsers.ALICE, TestUsers.PASSWORD);
    }

    private static ConnectPacket connect(String method) {
        return ConnectPacket.of(5, "c").method(method);
    }

    private static byte[] methodProperty(String method) {
        return join(bytes(RawProperties.AUTH_METHOD), string(method));
    }
}
