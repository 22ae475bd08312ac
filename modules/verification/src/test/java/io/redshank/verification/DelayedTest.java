package io.redshank.verification;

import static io.redshank.testkit.Eventually.asserted;
import static io.redshank.testkit.Packets.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RedisFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published later: delayed messages and wills, also if the node goes down while they wait. */
class DelayedTest {
    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    private final RedisFixture redis = node.redis();
    private final StoredLog log = new StoredLog(node.redis());

    /** How the node goes down while something waits. */
    private enum End {
        STOP,
        KILL
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void delayedMessage_arrivesOnItsTopicWhenItIsDue(int qos) {
        String topic = "later/" + qos;
        try (RawMqtt watcher = connect(4, "watcher").subscribed("later/#", qos);
                RawMqtt publisher = connect(5, "publisher")) {
            long start = System.nanoTime();
            publisher.send(publish(5, "$delayed/1/" + topic, qos, 7, "a"), publish(5, topic, qos, 8, "b"));
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("b");
            RawPacket due = watcher.next(RawPacket.PUBLISH);
            assertThat(due.payload(4)).isEqualTo("a");
            assertThat(due.topic()).isEqualTo(topic);
            assertThat(due.qos()).isEqualTo(qos);
            assertThat(System.nanoTime() - start).isBetween(1_000_000_000L, 2_500_000_000L);
        }
        assertNothingWaits();
        assertThat(log.ids(topic)).hasSize(qos == 0 ? 0 : 2); // the hooks have seen the topic itself
        assertThat(redis.command("EXISTS", "mqtt:msg:$delayed/1/" + topic)).isEqualTo(0L);
    }

    @Test
    void delayedMessage_isRetainedWhenItIsDue() {
        try (RawMqtt watcher = connect(4, "watcher").subscribed("kept", 0);
                RawMqtt publisher = connect(4, "publisher")) {
            publisher.send(publish(4, 0x33, "$delayed/1/kept", 7, Packets.bytes('x')));
            publisher.next(RawPacket.PUBACK);
            assertThat(redis.command("EXISTS", "mqtt:retain:kept")).isEqualTo(0L);
            assertThat(watcher.next(RawPacket.PUBLISH).payload(4)).isEqualTo("x");
            asserted(() -> assertThat(redis.hash("mqtt:retain:kept")).containsEntry("payload", "x"));
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void delayedMessage_survivesTheNode(End end) {
        String topic = "survives/" + end;
        try (RawMqtt publisher = connect(4, "publisher")) {
            publisher.send(publish(4, "$delayed/2/" + topic, 2, 7, "a")).next(RawPacket.PUBREC);
        }
        assertThat(log.ids(topic)).isEmpty();
        goDown(end);
        asserted(() -> assertThat(log.ids(topic)).hasSize(1));
        assertNothingWaits();
        assertThat(log.ids(topic)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void will_waitsForItsDelay(int qos) {
        try (RawMqtt watcher = connect(5, "watcher").subscribed("wills/#", 1)) {
            long start = System.nanoTime();
            connect(willing("patient", 60, 1, qos)).close();
            RawPacket will = watcher.next(RawPacket.PUBLISH);
            assertThat(System.nanoTime() - start).isBetween(1_000_000_000L, 3_500_000_000L);
            assertThat(will.topic()).isEqualTo("wills/patient");
            assertThat(will.qos()).isEqualTo(qos);
            watcher.expectNothing();
        }
        assertNothingWaits();
    }

    @Test
    void sessionThatEndsBeforeTheDelay_publishesTheWill() {
        try (RawMqtt watcher = connect(5, "watcher").subscribed("wills/#", 1)) {
            connect(willing("short", 1, 3600, 1)).close();
            assertThat(watcher.next(RawPacket.PUBLISH).topic()).isEqualTo("wills/short");
        }
    }

    @Test
    void reconnectInTime_withdrawsTheWill() {
        try (RawMqtt watcher = connect(5, "watcher").subscribed("wills/#", 1)) {
            connect(willing("back", 60, 1, 1)).close();
            asserted(() -> assertThat(waiting()).hasSize(1));
            try (RawMqtt back = connect(willing("back", 60, 1, 1).resuming())) {
                asserted(() -> assertThat(waiting()).isEmpty()); // its new will is held, and not due
                back.send(publish(5, "$delayed/2/wills/end", 1, 7, "end")).next(RawPacket.PUBACK);
                assertThat(watcher.next(RawPacket.PUBLISH).topic()).isEqualTo("wills/end");
                back.send(Packets.DISCONNECT).expectClosed();
            }
        }
    }

    @Test
    void takeoverOfTheSession_doesNotPublishTheWill() {
        try (RawMqtt watcher = connect(5, "watcher").subscribed("wills/#", 1);
                RawMqtt older = connect(willing("moved", 60, 1, 1));
                RawMqtt newer = connect(ConnectPacket.of(5, "moved").expiry(60).resuming())) {
            older.expectDisconnect(0x8E);
            newer.send(publish(5, "$delayed/2/wills/end", 1, 7, "end")).next(RawPacket.PUBACK);
            assertThat(watcher.next(RawPacket.PUBLISH).topic()).isEqualTo("wills/end");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cleanStart_publishesTheWillOfTheSessionThatItEnds(boolean whileConnected) {
        String client = "anew" + whileConnected;
        try (RawMqtt watcher = connect(5, "watcher").subscribed("wills/#", 1);
                RawMqtt older = connect(willing(client, 60, 3600, 1))) {
            if (!whileConnected) {
                older.close();
                asserted(() -> assertThat(waiting()).hasSize(1));
            }
            try (RawMqtt newer = connect(willing(client, 60, 3600, 1))) {
                assertThat(watcher.next(RawPacket.PUBLISH).topic()).isEqualTo("wills/" + client);
                newer.send(Packets.DISCONNECT).expectClosed();
            }
        }
        assertNothingWaits();
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void will_survivesTheNode(End end) {
        String client = "survivor" + end;
        try (RawMqtt device = connect(willing(client, 60, 2, 1))) {
            if (end == End.KILL) {
                device.close(); // a node that is stopped tells the end by itself
                asserted(() -> assertThat(waiting()).hasSize(1));
            }
            goDown(end);
        }
        asserted(() -> assertThat(log.ids("wills/" + client)).hasSize(1));
        assertNothingWaits();
        assertThat(log.ids("wills/" + client)).hasSize(1);
    }

    private void goDown(End end) {
        if (end == End.STOP) {
            node.process().stop();
        } else {
            node.process().kill();
        }
        node.start();
    }

    private static ConnectPacket willing(String client, long expiry, long delay, int qos) {
        return ConnectPacket.of(5, client).expiry(expiry).delayedWill("wills/" + client, "gone", qos, delay);
    }

    private static RawMqtt connect(ConnectPacket packet) {
        return RawMqtt.connected(node.port(), 5, packet);
    }

    private static RawMqtt connect(int version, String client) {
        return RawMqtt.connected(node.port(), version, ConnectPacket.of(version, client));
    }

    private List<?> waiting() {
        return redis.command("ZRANGE", "mqtt:will:due", "0", "-1") instanceof List<?> wills ? wills : List.of();
    }

    private void assertNothingWaits() {
        asserted(() -> {
            assertThat(redis.command("KEYS", "mqtt:will:*")).isEqualTo(List.of());
            assertThat(redis.command("KEYS", "mqtt:delayed:*")).isEqualTo(List.of());
        });
    }
}
