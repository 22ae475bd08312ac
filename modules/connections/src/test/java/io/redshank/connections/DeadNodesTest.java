package io.redshank.connections;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of nodes that did not stop in order, and who clears it up. */
class DeadNodesTest {
    private static final String DEAD = "dead@h";
    private final List<TwoNodes.Node> nodes = new ArrayList<>();
    private RedisFixture redis;
    private HookEntry[] entries;

    @BeforeEach
    void startRedis() throws Exception {
        redis = RedisFixture.start(true);
        entries = new HookEntry[] {
            Backend.shipped()[0],
            Backend.shipped()[1],
            Backend.shipped()[2],
            Backend.commands(Hook.CLIENT_DISCONNECTED, null, "INCR ended:${clientid}")
        };
    }

    @AfterEach
    void stop() throws Exception {
        for (TwoNodes.Node node : nodes) {
            node.close();
        }
        redis.close();
    }

    @CanIgnoreReturnValue
    private TwoNodes.Node node(String name, long incarnation) throws Exception {
        TwoNodes.Node node = TwoNodes.start(redis.host(), redis.port(), name, incarnation, true, entries);
        nodes.add(node);
        return node;
    }

    /** What a node that was killed has left: its connections, and a member of the index that is declared dead when it is overdue. */
    private void leaveBehind(int clients, long incarnation, long dueMillis) throws Exception {
        try (TwoNodes.Node node = TwoNodes.start(redis.host(), redis.port(), DEAD, incarnation, false, entries)) {
            for (int i = 0; i < clients; i++) {
                node.connect("c" + i, 3600, null).await(5, SECONDS);
            }
        }
        redis.command("ZADD", "mqtt:nodes:due", Long.toString(dueMillis), incarnation + " " + DEAD);
    }

    @Test
    void overdueNode_isClearedUpOnceByTwoSurvivors() throws Exception {
        leaveBehind(500, 5, System.currentTimeMillis());
        node("one@h", 1);
        node("two@h", 1);
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:conns:" + DEAD), 0L);
        Eventually.isTrue(() -> redis.command("ZSCORE", "mqtt:nodes:due", "gone 5 " + DEAD) != null);
        for (int i = 0; i < 500; i++) {
            assertThat(redis.hash("mqtt:client:c" + i)).containsEntry("state", "0");
            assertThat(redis.hash("mqtt:session:c" + i)).containsEntry("connected", "0");
            assertThat(redis.command("GET", "ended:c" + i)).isEqualTo("1");
            assertThat(redis.hash("mqtt:conn:c" + i)).isEmpty();
        }
        assertThat(redis.command("EXISTS", "mqtt:node:" + DEAD)).isEqualTo(0L);
        assertThat(redis.command("ZCARD", "mqtt:sessions:due")).isEqualTo(500L);
    }

    @Test
    void clearingUpThatWasBrokenOff_isGoneOnWith() throws Exception {
        leaveBehind(3, 5, System.currentTimeMillis());
        // Somebody has declared it dead, ended one connection, begun with another, and died.
        String epoch = redis.hash("mqtt:conn:c1").get("epoch");
        redis.command("HSET", "mqtt:conn:c1", "c:" + epoch, "1");
        redis.command("ZREM", "mqtt:nodes:due", "5 " + DEAD);
        redis.command("ZADD", "mqtt:nodes:due", "1", "dead 5 " + DEAD);
        node("one@h", 1);
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:conns:" + DEAD), 0L);
        assertThat(redis.command("GET", "ended:c0")).isEqualTo("1");
        assertThat(redis.command("GET", "ended:c1")).isNull(); // they may have been run
        assertThat(redis.hash("mqtt:client:c1")).containsEntry("state", "0");
    }

    @Test
    void clientOfADeadNode_isLetInElsewhereOnceItIsEnded() throws Exception {
        leaveBehind(1, 5, System.currentTimeMillis() + 60_000);
        TwoNodes.Node one = node("one@h", 1);
        redis.command("ZREM", "mqtt:nodes:due", "5 " + DEAD);
        redis.command("ZADD", "mqtt:nodes:due", Long.toString(System.currentTimeMillis() + 60_000), "dead 5 " + DEAD);
        redis.command("ZADD", "mqtt:nodes:due", Long.toString(System.currentTimeMillis() + 60_000), "cut 5 " + DEAD);
        assertThat(one.connect("c0").await(8, SECONDS)).isPositive();
        assertThat(redis.command("GET", "ended:c0")).isEqualTo("1");
        assertThat(redis.hash("mqtt:client:c0")).containsEntry("state", "1").containsEntry("node", "one@h");
        assertThat(redis.command("EXISTS", "mqtt:node:" + DEAD)).isEqualTo(0L);
    }

    @Test
    void laterRunOfANode_declaresItsFormerRunDeadAtOnce() throws Exception {
        leaveBehind(5, 5, System.currentTimeMillis() + 60_000);
        node(DEAD, 6);
        Eventually.isEqual(() -> redis.command("EXISTS", "mqtt:conns:" + DEAD), 0L);
        for (int i = 0; i < 5; i++) {
            assertThat(redis.hash("mqtt:client:c" + i)).containsEntry("state", "0");
            assertThat(redis.command("GET", "ended:c" + i)).isEqualTo("1");
        }
    }

    @Test
    void outageOfRedis_declaresNobodyDead() throws Exception {
        TwoNodes.Node one = node("one@h", 1);
        TwoNodes.Node two = node("two@h", 1);
        Eventually.isTrue(() -> one.lease.isSteady() && two.lease.isSteady());
        redis.freeze();
        Eventually.isTrue(() -> !one.lease.isValid() && !two.lease.isValid());
        Eventually.isTrue(() -> !one.lease.isSteady());
        redis.thaw();
        Eventually.isTrue(() -> one.lease.isSteady() && two.lease.isSteady());
        assertThat(one.declaredDead).hasValue(0);
        assertThat(two.declaredDead).hasValue(0);
        assertThat(redis.command("ZRANGE", "mqtt:nodes:due", "0", "-1"))
                .asList()
                .containsExactlyInAnyOrder("1 one@h", "1 two@h");
    }

    @Test
    void nodeThatIsDeclaredDead_isToldAndWritesNothingMore() throws Exception {
        TwoNodes.Node one = node("one@h", 1);
        assertThat(one.connect("c").await(5, SECONDS)).isPositive();
        redis.command("ZREM", "mqtt:nodes:due", "1 one@h");
        redis.command("ZADD", "mqtt:nodes:due", Long.toString(System.currentTimeMillis() + 60_000), "gone 1 one@h");
        Eventually.isEqual(one.declaredDead::get, 1);
        assertThat(one.lease.isValid()).isFalse();
        assertThat(one.connect("d")
                        .transform(failed -> Future.succeededFuture(failed.failed()))
                        .await(5, SECONDS))
                .isTrue();
        assertThat(redis.command("EXISTS", "mqtt:conn:d")).isEqualTo(0L);
    }

    @Test
    void nodeThatStopsInOrder_isTakenOffTheList() throws Exception {
        TwoNodes.Node one = node("one@h", 1);
        assertThat(redis.command("ZRANGE", "mqtt:nodes:due", "0", "-1")).isEqualTo(List.of("1 one@h"));
        one.close();
        assertThat(redis.command("EXISTS", "mqtt:nodes:due")).isEqualTo(0L);
    }
}
