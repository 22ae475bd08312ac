package io.redshank.verification;

import static io.redshank.testkit.Packets.DISCONNECT;
import static io.redshank.testkit.Packets.publish;
import static io.redshank.testkit.Packets.unsubscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a node says under $SYS of what is in Redis. */
class StatusTest {
    @RegisterExtension
    static final NodeFixture NODE = NodeFixture.asShipped()
            .with(setup -> setup.with("--set", "mqtt.sys_interval=100ms")
                    .with("--set", "backend.redis.msg.sweep_interval=1s"));

    private static void awaitValue(RawMqtt client, String topic, String value) {
        client.subscribed("$SYS/broker/" + topic, 0);
        Instant end = Instant.now().plusSeconds(20);
        String last = "nothing";
        while (Instant.now().isBefore(end) && !last.equals(value)) {
            last = client.next(RawPacket.PUBLISH).payload(5);
        }
        assertThat(last).as(topic).isEqualTo(value);
        client.send(unsubscribe(5, 9, "$SYS/broker/" + topic));
        while (client.next().type() != RawPacket.UNSUBACK) {
            last = "what was on its way";
        }
    }

    @Test
    void sessionsAndRetainedMessages_areCountedInRedis() {
        try (RawMqtt watcher = RawMqtt.connected(NODE.port(), 5, ConnectPacket.of(5, "watcher"))) {
            watcher.send(publish(5, 0x33, "r/1", 1, new byte[] {1}), publish(5, 0x33, "r/2", 2, new byte[] {1}));
            watcher.next(RawPacket.PUBACK);
            watcher.next(RawPacket.PUBACK);
            awaitValue(watcher, "retained messages/count", "2");
            try (RawMqtt client =
                    RawMqtt.connected(NODE.port(), 5, ConnectPacket.of(5, "c").expiry(3))) {
                client.send(DISCONNECT).expectClosed();
            }
            awaitValue(watcher, "clients/disconnected", "1");
            awaitValue(watcher, "clients/total", "2");
            awaitValue(watcher, "clients/expired", "1");
            awaitValue(watcher, "clients/disconnected", "0");
        }
        assertThat(NODE.redis().command("KEYS", "*SYS*")).isEqualTo(List.of());
    }
}
