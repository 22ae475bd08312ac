package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.Endpoint.Scheme;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RawWebSocket;
import io.redshank.testkit.TestCertificates;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How many connections a listener takes, from one address and in a second, and what those hear that are too many. */
class ConnectionLimitsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int NONE = ConnectionLimits.UNLIMITED;

    private final BrokerFixture broker = new BrokerFixture();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void stop() throws Exception {
        Admission admission = broker.listener().admission();
        Eventually.isEqual(admission::admitted, 0);
        Eventually.isEqual(admission::refused, 0);
        Eventually.isEqual(admission::addresses, 0);
        broker.close();
    }

    private int connect(RawMqtt client, String id) {
        return client.send(ConnectPacket.of(client.version(), id).bytes())
                .next(RawPacket.CONNACK)
                .at(1);
    }

    @ParameterizedTest
    @CsvSource({"3,3", "4,3", "5,0x89"})
    void moreThanTheListenerTakes_areToldThatItIsBusy(int version, String code) throws Exception {
        broker.connections(new ConnectionLimits(TIMEOUT, 3, NONE, NONE)).start();
        try (LogLines log = LogLines.capture()) {
            List<RawMqtt> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(broker.connect(version, "in" + i));
            }
            for (int i = 0; i < 10; i++) {
                try (RawMqtt refused = broker.open(version)) {
                    assertThat(connect(refused, "out")).isEqualTo(Integer.decode(code));
                    refused.expectClosed();
                }
            }
            log.expectOne("Connections refused by a limit [listener=tcp://127.0.0.1:-1, limit=BUSY");
            clients.get(1).close();
            Eventually.isEqual(() -> broker.listener().admission().admitted(), 2);
            clients.add(broker.connect(version, "late"));
            clients.forEach(RawMqtt::close);
        }
    }

    @ParameterizedTest
    @CsvSource({"3,3", "4,3", "5,0x97"})
    void moreThanAnAddressMayHave_areToldOfTheQuota(int version, String code) throws Exception {
        broker.connections(new ConnectionLimits(TIMEOUT, NONE, 2, NONE)).start();
        try (RawMqtt one = broker.connect(version, "one");
                RawMqtt halfOpen = broker.open(version);
                RawMqtt three = broker.open(version)) {
            Eventually.isEqual(() -> broker.listener().admission().admitted(), 2);
            assertThat(connect(three, "three")).isEqualTo(Integer.decode(code));
            three.expectClosed();
            halfOpen.close();
            Eventually.isEqual(() -> broker.listener().admission().admitted(), 1);
            broker.connect(version, "two").close();
            one.expectNothing();
        }
    }

    @ParameterizedTest
    @CsvSource({"4,3", "5,0x9F"})
    void moreThanMayComeInASecond_areToldOfTheRate(int version, String code) throws Exception {
        broker.connections(new ConnectionLimits(TIMEOUT, NONE, NONE, 2)).start();
        int refused = 0;
        for (int i = 0; i < 8; i++) {
            try (RawMqtt client = broker.open(version)) {
                int answer = connect(client, "c");
                assertThat(answer).isIn(0, Integer.decode(code));
                refused += answer == 0 ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(1);
        Eventually.isTrue(() -> {
            try (RawMqtt client = broker.open(version)) {
                return connect(client, "later") == 0;
            }
        });
    }

    @Test
    void aFlood_isClosedAsItComes_andLoggedOnce() throws Exception {
        broker.connections(new ConnectionLimits(TIMEOUT, 1, NONE, NONE)).start();
        List<Socket> sockets = new ArrayList<>();
        try (LogLines log = LogLines.capture();
                RawMqtt one = broker.connect(5, "one")) {
            for (int i = 0; i < 3000; i++) {
                sockets.add(new Socket("127.0.0.1", broker.port()));
            }
            Eventually.isTrue(() -> broker.listener().admission().refused() >= 500);
            assertThat(broker.listener().admission().refused()).isLessThanOrEqualTo(1000);
            Eventually.isTrue(() ->
                    sockets.stream().filter(ConnectionLimitsTest::hasEnded).count() >= 1000);
            assertThat(log.ours()).hasSizeBetween(1, 2).allMatch(line -> line.contains("refused by a limit"));
            one.expectNothing();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static boolean hasEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** In every state in which a connection can be left. */
    @ParameterizedTest
    @EnumSource(Scheme.class)
    void everyConnection_isCountedUntilItsEndAndNotLonger(Scheme scheme) throws Exception {
        TestCertificates certificates = TestCertificates.create("authority");
        certificates.writeServer(directory, certificates.server("broker"));
        broker.transport(Transports.of(scheme, directory))
                .connections(new ConnectionLimits(TIMEOUT, 1500, 1400, NONE))
                .start();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 2000; i++) {
                Socket socket = new Socket("127.0.0.1", broker.port());
                sockets.add(socket);
                byte[] beginning = beginning(i % 6);
                socket.getOutputStream().write(beginning);
                if (i % 5 == 0) {
                    socket.setSoLinger(true, 0); // ends with a reset
                }
                if (i % 7 == 0) {
                    socket.shutdownOutput();
                }
            }
            Eventually.isTrue(() -> broker.listener().admission().admitted() > 0);
        } catch (java.net.SocketException closedByTheBroker) {
            assertThat(sockets).isNotEmpty();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private static byte[] beginning(int kind) {
        byte[] connect = ConnectPacket.of(5, "state" + kind).bytes();
        return switch (kind) {
            case 0 -> new byte[0];
            case 1 -> Packets.bytes(22, 3, 1, 2, 0, 1, 0); // of a ClientHello
            case 2 -> "GET /mqtt HTTP/1.1\r\nHost:".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            case 3 ->
                (String.join("\r\n", RawWebSocket.upgrade("/mqtt", "mqtt")) + "\r\n\r\n")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            case 4 -> java.util.Arrays.copyOf(connect, 6);
            default -> connect;
        };
    }
}
