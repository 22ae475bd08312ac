package io.redshank.broker;

import static io.redshank.testkit.Packets.bytes;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that is told why its connection ends hears it, whatever it was saying itself. */
class FarewellTest {
    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void clientThatGoesOnTalking_hearsTheReason() { // MQTT 5, 4.13
        byte[] more = publish(5, "t", 0, 0, "x".repeat(50_000));
        for (int i = 0; i < 20; i++) {
            try (RawMqtt client = broker.connect(5, "talker")) {
                client.send(bytes(0, 0), more, more, more, more, more, more, more, more);
                client.send(more, more, more, more);
                client.expectDisconnect(0x81);
            }
        }
    }

    @Test
    void clientThatNeverCloses_isClosedAllTheSame() throws Exception {
        try (RawMqtt client = broker.connect(5, "stayer")) {
            client.send(bytes(0, 0)).expectDisconnect(0x81);
            broker.backends.disconnected.next();
            long start = System.nanoTime();
            boolean open = true;
            while (open && System.nanoTime() - start < 5_000_000_000L) {
                try {
                    client.socket().getOutputStream().write(0);
                } catch (SocketException closed) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
        }
    }

    @Test
    void refusedClientThatGoesOnTalking_hearsTheReason() { // MQTT 5, 4.13
        byte[] more = publish(5, "t", 0, 0, "x".repeat(50_000));
        for (int i = 0; i < 20; i++) {
            try (RawMqtt client = broker.open(5)) {
                client.send(ConnectPacket.of(5, "c").receiveMaximum(0).bytes(), more, more, more, more);
                client.send(more, more, more, more);
                assertThat(client.next(RawPacket.CONNACK).at(1)).isEqualTo(0x82);
                client.expectClosed();
            }
        }
    }
}
