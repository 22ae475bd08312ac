package io.redshank.broker;

import static io.redshank.testkit.RawWebSocket.BINARY;
import static io.redshank.testkit.RawWebSocket.CLOSE;
import static io.redshank.testkit.RawWebSocket.CONTINUATION;
import static io.redshank.testkit.RawWebSocket.PING;
import static io.redshank.testkit.RawWebSocket.PONG;
import static io.redshank.testkit.RawWebSocket.TEXT;
import static io.redshank.testkit.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSocket byte by byte: how it begins, what its frames may be, and how it ends. */
class WebSocketTest {
    private static final byte[] CONNECT = ConnectPacket.of(4, "ws").bytes();
    private static final byte[] CONNACK = Packets.bytes(0x20, 2, 0, 0);
    private static final byte[] PINGRESP = Packets.bytes(0xD0, 0);
    private static final BrokerFixture broker = new BrokerFixture()
            .transport(Transports.webSocket(
                    new WebSocketOptions("/mqtt", Set.of("https://good.example", "http://localhost:3000"))));

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        Eventually.isEqual(() -> broker.listener().admission().admitted(), 0);
        broker.close();
    }

    private static RawWebSocket connected() {
        return RawWebSocket.connected(broker.port())
                .send(frame(BINARY, CONNECT))
                .expect(CONNACK);
    }

    private static void expectServed(RawWebSocket client) {
        client.send(frame(BINARY, Packets.PINGREQ)).expect(PINGRESP);
    }

    @ParameterizedTest
    @CsvSource({
        "/mqtt,mqtt,mqtt",
        "/mqtt?a=b&c=%20d,mqtt,mqtt",
        "/mqtt?,mqtt,mqtt",
        "/mqtt,'mqttv3.1',mqttv3.1",
        "/mqtt,'mqttv3.1, mqtt',mqtt", // [MQTT-6.0.0-4]
        "/mqtt,'chat,mqtt',mqtt"
    })
    void upgrade_thatOffersMqtt_isAnsweredWithIt(String path, String offered, String chosen) {
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            RawWebSocket.Reply reply = client.request(RawWebSocket.upgrade(path, offered));
            assertThat(reply.status()).isEqualTo(101);
            assertThat(reply.headers())
                    .containsEntry("sec-websocket-protocol", chosen)
                    .containsEntry("sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                    .doesNotContainKey("sec-websocket-extensions");
            client.send(frame(BINARY, CONNECT)).expect(CONNACK);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/,mqtt,404",
        "/mqtt/,mqtt,404",
        "/mqttx,mqtt,404",
        "/other?/mqtt,mqtt,404",
        "/mqtt,chat,400", // [MQTT-6.0.0-3]
        "/mqtt,MQTT,400",
        "/mqtt,'',400"
    })
    void upgrade_ofSomethingElse_isRefused(String path, String offered, int status) {
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            RawWebSocket.Reply reply = client.request(RawWebSocket.upgrade(path, offered));
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.body()).isNotBlank();
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Connection,426",
        "Upgrade,426",
        "Sec-WebSocket-Version,426",
        "Sec-WebSocket-Key,400",
        "Sec-WebSocket-Protocol,400"
    })
    void upgrade_withoutAHeader_isRefused(String missing, int status) {
        List<String> lines = new ArrayList<>(RawWebSocket.upgrade("/mqtt", "mqtt"));
        lines.removeIf(line -> line.startsWith(missing + ":"));
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            RawWebSocket.Reply reply = client.request(lines);
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.headers().get("sec-websocket-version")).isEqualTo(status == 426 ? "13" : null);
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET /mqtt HTTP/1.1,426",
        "POST /mqtt HTTP/1.1,405",
        "GET /favicon.ico HTTP/1.1,404",
        "nonsense,400",
        "GET /mqtt HTTP/1.1 and more,400"
    })
    void plainHttp_isAnswered(String request, int status) {
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            assertThat(client.request(List.of(request, "Host: h")).status()).isEqualTo(status);
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @Test
    void requests_withMoreHeadersThanThereMayBe_areRefused() {
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            List<String> lines = new ArrayList<>(RawWebSocket.upgrade("/mqtt", "mqtt"));
            lines.add("X: " + "x".repeat(20_000));
            assertThat(client.request(lines).status()).isBetween(400, 431);
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://good.example,101",
        "http://localhost:3000,101",
        "http://localhost:3001,403",
        "https://good.example.evil.example,403",
        "null,403"
    })
    void webPages_connectFromAllowedOriginsOnly(String origin, int status) {
        List<String> lines = new ArrayList<>(RawWebSocket.upgrade("/mqtt", "mqtt"));
        lines.add("Origin: " + origin);
        try (RawWebSocket client = RawWebSocket.open(broker.port())) {
            assertThat(client.request(lines).status()).isEqualTo(status);
        }
    }

    @Test
    void packets_needNotKeepToFrames() {
        try (RawWebSocket client = RawWebSocket.connected(broker.port())) {
            byte[] all = Packets.join(
                    CONNECT, Packets.subscribe(4, 1, "ws/frames", 0), Packets.publish(4, "ws/frames", 0, 0, "hello"));
            for (byte single : all) { // [MQTT-6.0.0-2]
                client.send(frame(BINARY, new byte[] {single}));
            }
            client.expect(CONNACK);
            client.expect(Packets.bytes(0x90, 3, 0, 1, 0));
            client.expect(Packets.publish(4, "ws/frames", 0, 0, "hello"));
        }
        try (RawWebSocket client = RawWebSocket.connected(broker.port())) {
            client.send(frame(BINARY, Packets.join(CONNECT, Packets.PINGREQ, Packets.PINGREQ))); // [MQTT-6.0.0-2]
            client.expect(CONNACK).expect(PINGRESP).expect(PINGRESP);
        }
    }

    @Test
    void messages_mayComeInFragments_withControlFramesBetweenThem() {
        try (RawWebSocket client = RawWebSocket.connected(broker.port())) {
            byte[] begin = Arrays.copyOf(CONNECT, 5);
            byte[] end = Arrays.copyOfRange(CONNECT, 5, CONNECT.length);
            client.send(
                    frame(BINARY, false, begin),
                    frame(PING, "between".getBytes(StandardCharsets.UTF_8)),
                    frame(CONTINUATION, false, new byte[0]),
                    frame(CONTINUATION, true, end));
            assertThat(client.next().opcode()).isEqualTo(PONG);
            client.expect(CONNACK);
        }
    }

    @Test
    void ping_isAnsweredWithWhatItHolds_andPongIsIgnored() {
        try (RawWebSocket client = connected()) {
            client.send(frame(PONG, new byte[] {7}), frame(PING, new byte[] {8, 9}));
            RawWebSocket.Frame pong = client.next();
            assertThat(pong.opcode()).isEqualTo(PONG);
            assertThat(pong.payload()).containsExactly(8, 9);
            expectServed(client);
        }
    }

    @Test
    void pings_ofAClientThatDoesNotRead_costNoMemory() {
        try (RawWebSocket client = connected()) {
            byte[] ping = frame(PING, new byte[125]);
            byte[] many = new byte[ping.length * 1000];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(ping, 0, many, i * ping.length, ping.length);
            }
            for (int i = 0; i < 200; i++) { // 25 MB of answers
                client.send(many);
            }
            int answered = 0;
            client.send(frame(BINARY, Packets.PINGREQ));
            for (RawWebSocket.Frame next = client.next(); next.opcode() == PONG; next = client.next()) {
                answered++;
            }
            assertThat(answered).isBetween(1, 199_999);
        }
    }

    @Test
    void text_closesTheConnection() {
        try (RawWebSocket client = connected()) {
            client.send(frame(TEXT, Packets.PINGREQ)).expectClosed(1003); // [MQTT-6.0.0-1]
        }
        try (RawWebSocket client = RawWebSocket.connected(broker.port())) {
            client.send(frame(TEXT, CONNECT)).expectClosed(1003);
        }
    }

    @Test
    void close_isAnsweredWithItsStatus() {
        try (RawWebSocket client = connected()) {
            client.send(frame(CLOSE, Packets.u16(1000))).expectClosed(1000);
        }
        try (RawWebSocket client = connected()) {
            client.send(frame(CLOSE, new byte[0]));
            assertThat(client.next()).matches(end -> end.opcode() == CLOSE && end.payload().length == 0);
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @Test
    void disconnect_closesTheWebSocketToo() {
        try (RawWebSocket client = connected()) {
            client.send(frame(BINARY, Packets.DISCONNECT)).expectClosed(1000);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unmasked",
                "reserved bit",
                "unknown opcode",
                "lone continuation",
                "long ping",
                "begins twice",
                "huge"
            })
    void frames_thatAreNone_closeTheConnection(String wrong) {
        byte[] packet = Packets.PINGREQ;
        byte[] reserved = frame(BINARY, packet);
        reserved[0] |= 0x40;
        byte[] sent = switch (wrong) {
            case "unmasked" -> RawWebSocket.unmasked(BINARY, packet);
            case "reserved bit" -> reserved;
            case "unknown opcode" -> frame(3, packet);
            case "lone continuation" -> frame(CONTINUATION, packet);
            case "long ping" -> frame(PING, new byte[126]);
            case "begins twice" -> Packets.join(frame(BINARY, false, packet), frame(BINARY, packet));
            default -> RawWebSocket.header(BINARY, true, 0x80, BrokerFixture.MAX_PACKET_SIZE + 6);
        };
        try (RawWebSocket client = connected()) {
            client.send(sent);
            RawWebSocket.Frame end = client.next();
            while (end.opcode() == BINARY) { // of a packet that came before the error
                end = client.next();
            }
            assertThat(end.opcode()).isEqualTo(CLOSE);
            assertThat(end.status()).isEqualTo(wrong.equals("huge") ? 1009 : 1002);
            assertThat(client.next().opcode()).isEqualTo(-1);
        }
    }

    @Test
    void mqtt5Error_isToldBeforeTheWebSocketCloses() {
        try (RawWebSocket client = RawWebSocket.connected(broker.port())) {
            client.send(frame(BINARY, ConnectPacket.of(5, "ws5").bytes()));
            assertThat(client.next().payload()[0]).isEqualTo((byte) 0x20);
            client.send(frame(BINARY, ConnectPacket.of(5, "ws5").bytes())); // a second CONNECT
            client.expect(Packets.bytes(0xE0, 2, 0x82, 0));
            assertThat(client.next().opcode()).isEqualTo(CLOSE);
        }
    }
}
