package io.redshank.connections;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Client ids that are claimed on two nodes, which know of each other by Redis alone. */
class ClaimsTest {
    private static RedisFixture redis;
    private TwoNodes.Node one;
    private TwoNodes.Node two;

    @BeforeAll
    static void startRedis() {
        redis = RedisFixture.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void start() throws Exception {
        redis.command("FLUSHALL");
        HookEntry[] entries = {
            Backend.shipped()[0],
            Backend.shipped()[1],
            Backend.shipped()[2],
            Backend.commands(Hook.CLIENT_CONNECTED, null, "RPUSH story ${clientid}+${node}"),
            Backend.commands(Hook.CLIENT_DISCONNECTED, null, "RPUSH story ${clientid}-${node}")
        };
        one = TwoNodes.start(redis.host(), redis.port(), "one@h", 1, false, entries);
        two = TwoNodes.start(redis.host(), redis.port(), "two@h", 2, false, entries);
        Eventually.isEqual(
                () -> redis.command("PUBSUB", "NUMSUB", "mqtt_node:one@h", "mqtt_node:two@h"),
                List.of("mqtt_node:one@h", 1L, "mqtt_node:two@h", 1L));
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
    }

    @Test
    void claim_isKnownUntilItsConnectionHasEnded() throws Exception {
        long epoch = one.connect("c").await(5, SECONDS);
        assertThat(redis.hash("mqtt:conn:c"))
                .containsEntry("epoch", Long.toString(epoch))
                .containsEntry("node", "one@h")
                .containsEntry("incarnation", "1")
                .containsEntry("instance", "0");
        assertThat(redis.hash("mqtt:conns:one@h")).containsEntry("c", Long.toString(epoch));
        assertThat(redis.hash("mqtt:client:c")).containsEntry("epoch", Long.toString(epoch));
        assertThat(one.disconnect("c", epoch).await(5, SECONDS)).isNotNull();
        assertThat(redis.hash("mqtt:conn:c")).isEmpty();
        assertThat(redis.hash("mqtt:conns:one@h")).isEmpty();
        assertThat(one.connect("c").await(5, SECONDS)).isGreaterThan(epoch);
    }

    @Test
    void claimOnAnotherNode_isGrantedWhenTheEndOfTheOlderIsWritten() throws Exception {
        long older = one.connect("c").await(5, SECONDS);
        long newer = two.connect("c").await(5, SECONDS);
        assertThat(newer).isGreaterThan(older);
        assertThat(one.has("c")).isFalse();
        assertThat(redis.command("LRANGE", "story", "0", "-1")).isEqualTo(List.of("c+one@h", "c-one@h", "c+two@h"));
        assertThat(redis.hash("mqtt:client:c")).containsEntry("state", "1").containsEntry("node", "two@h");
        assertThat(redis.hash("mqtt:conns:one@h")).isEmpty();
        assertThat(redis.hash("mqtt:conn:c")).containsEntry("node", "two@h").doesNotContainKey("p:" + older);
    }

    @Test
    void claimOnTheSameNode_isGrantedWhenTheEndOfTheOlderIsWritten() throws Exception {
        assertThat(one.connect("c").await(5, SECONDS)).isPositive();
        long newer = one.connect("c").await(5, SECONDS);
        assertThat(redis.command("LRANGE", "story", "0", "-1")).isEqualTo(List.of("c+one@h", "c-one@h", "c+one@h"));
        assertThat(redis.hash("mqtt:conns:one@h")).containsEntry("c", Long.toString(newer));
    }

    @Test
    void olderConnectionThatDoesNotEnd_isWaitedFor() throws Exception {
        long older = one.connect("c").await(5, SECONDS);
        one.deaf = true;
        Future<Long> newer = two.connect("c");
        Eventually.isTrue(() -> redis.hash("mqtt:conn:c").containsKey("p:" + older));
        assertThat(newer.isComplete()).isFalse();
        assertThat(one.disconnect("c", older).await(5, SECONDS)).isNotNull();
        assertThat(newer.await(5, SECONDS)).isGreaterThan(older);
        assertThat(redis.command("LRANGE", "story", "0", "-1")).isEqualTo(List.of("c+one@h", "c-one@h", "c+two@h"));
    }

    @Test
    void claimsAtOnce_leaveTheLast() throws Exception {
        long first = one.connect("c").await(5, SECONDS);
        one.deaf = true; // until the others have claimed, too
        Future<Long> second = two.connect("c");
        Eventually.isEqual(() -> redis.hash("mqtt:conn:c").get("node"), "two@h");
        Future<Long> third = one.connect("c");
        Eventually.isEqual(() -> redis.hash("mqtt:conn:c").get("node"), "one@h");
        assertThatThrownBy(() -> second.await(5, SECONDS)).isInstanceOf(EventFailedException.class);
        one.deaf = false;
        assertThat(third.await(5, SECONDS)).isGreaterThan(first);
        Eventually.isEqual(
                () -> redis.hash("mqtt:conn:c").keySet().stream()
                        .filter(field -> field.startsWith("p:"))
                        .count(),
                0L);
        assertThat(redis.hash("mqtt:conns:two@h")).isEmpty();
        assertThat(redis.command("LRANGE", "story", "0", "-1")).isEqualTo(List.of("c+one@h", "c-one@h", "c+one@h"));
    }

    /** Each of two nodes takes over what the other one has, in one turn of its event loop: nobody may wait for who waits for him. */
    @Test
    void nodesThatTakeOverFromEachOther_doNotWaitForEachOther() throws Exception {
        int clients = 300;
        List<Future<Long>> all = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            all.add((i % 2 == 0 ? one : two).connect("c" + i));
        }
        Future.all(all).await(20, SECONDS);
        all.clear();
        for (int i = 0; i < clients; i++) {
            all.add((i % 2 == 0 ? two : one).connect("c" + i));
        }
        Future.all(all).await(20, SECONDS);
        assertThat(one.count()).isEqualTo(clients / 2);
        assertThat(two.count()).isEqualTo(clients / 2);
        assertThat(redis.command("LLEN", "story")).isEqualTo(clients * 3L);
        for (int i = 0; i < clients; i++) {
            assertThat(redis.hash("mqtt:client:c" + i))
                    .containsEntry("state", "1")
                    .containsEntry("node", i % 2 == 0 ? "two@h" : "one@h");
        }
    }

    @Test
    void lateEndOfAnOlderConnection_changesNothing() throws Exception {
        long older = one.connect("c").await(5, SECONDS);
        assertThat(two.connect("c").await(5, SECONDS)).isGreaterThan(older);
        assertThat(one.disconnect("c", older).await(5, SECONDS)).isNotNull(); // once more
        assertThat(redis.hash("mqtt:client:c")).containsEntry("state", "1").containsEntry("node", "two@h");
        assertThat(redis.command("LLEN", "story")).isEqualTo(3L);
    }
}
