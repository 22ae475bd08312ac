package io.redshank.verification;

import static io.redshank.testkit.Packets.DISCONNECT;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One log for each topic, and a bookmark for each client: what a message costs does not depend on who waits for it. */
class OfflineSubscribersTest {
    @RegisterExtension
    static final NodeFixture NODE = NodeFixture.asShipped();

    private static final int SESSIONS = 2000;
    private static final int MESSAGES = 50;

    @Test
    void publish_costsTheSameWrites_whetherNobodyOrThousandsAreOffline() {
        try (RawMqtt publisher = RawMqtt.connected(NODE.port(), 4, ConnectPacket.of(4, "publisher"))) {
            publish(publisher, "fleet/all"); // what only the first message of a topic costs
            publish(publisher, "nobody/all");
            Map<String, Long> toNobody = writesOf(publisher, "nobody/all");
            for (int i = 0; i < SESSIONS; i++) {
                leaveSession("car-" + i, "fleet/all", "fleet/+/" + i, "fleet/#");
            }

            Map<String, Long> toAll = writesOf(publisher, "fleet/all");

            assertThat(toAll)
                    .isEqualTo(toNobody)
                    .containsEntry("hset", 1L) // the body
                    .containsEntry("expire", 1L)
                    .containsEntry("zadd", 2L) // the log, and the index of topics
                    .containsOnlyKeys("hset", "expire", "zadd");
        }
        for (int i = 0; i < SESSIONS; i += SESSIONS / 4) {
            assertBacklog("car-" + i);
        }
    }

    private static void leaveSession(String client, String... filters) {
        try (RawMqtt device =
                RawMqtt.connected(NODE.port(), 5, ConnectPacket.of(5, client).expiry(3600))) {
            for (String filter : filters) {
                device.subscribed(filter, 1);
            }
            device.send(DISCONNECT).expectClosed();
        }
    }

    /** Which writing commands Redis executes for a message, and how often; the node's beats beside are too few to count. */
    private static Map<String, Long> writesOf(RawMqtt publisher, String topic) {
        List<?> writing = (List<?>) requireNonNull(NODE.redis().command("ACL", "CAT", "write"));
        NODE.redis().command("CONFIG", "RESETSTAT");
        for (int i = 0; i < MESSAGES; i++) {
            publish(publisher, topic);
        }
        Map<String, Long> writes = new TreeMap<>(NODE.redis().commandCalls());
        writes.keySet().retainAll(writing);
        writes.replaceAll((command, count) -> count / MESSAGES);
        writes.values().removeIf(count -> count == 0);
        return writes;
    }

    private static void publish(RawMqtt publisher, String topic) {
        publisher.send(Packets.publish(4, topic, 1, 7, "x")).next(RawPacket.PUBACK);
    }

    /** All messages are there for one of them. */
    private static void assertBacklog(String client) {
        try (RawMqtt device = RawMqtt.connected(
                NODE.port(), 5, ConnectPacket.of(5, client).resuming().expiry(3600))) {
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(device.next(RawPacket.PUBLISH).topic()).isEqualTo("fleet/all");
            }
        }
    }
}
