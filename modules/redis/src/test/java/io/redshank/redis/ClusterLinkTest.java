package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisClusterFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** A link to a real Redis Cluster: three masters, slots that move, a master that dies. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterLinkTest {
    private static final Script APPEND =
            new Script("append", "redis.call('RPUSH', KEYS[1], ARGV[1]) return redis.call('LLEN', KEYS[1])");
    private static RedisClusterFixture cluster;

    private Vertx vertx;
    private RedisLink link;

    @BeforeAll
    static void startCluster() {
        cluster = RedisClusterFixture.start();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        link = RedisLink.open(vertx, pool(), List.of(APPEND));
        link.up().await(10, SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    private static PoolConfig pool() {
        List<RedisAddress> servers = cluster.ports().stream()
                .map(port -> new RedisAddress("127.0.0.1", port))
                .toList();
        return new PoolConfig(
                "pool1", PoolType.CLUSTER, servers, null, 1, 0, null, null, "mqtt_channel", Duration.ofSeconds(5));
    }

    private static Request set(String key, String value) {
        return Request.cmd(Command.SET, key, value);
    }

    private static Request get(String key) {
        return Request.cmd(Command.GET, key);
    }

    @Test
    void commands_goToTheMastersOfTheirKeys() throws Exception {
        List<Request> sets = new ArrayList<>();
        List<Request> gets = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sets.add(set("key" + i, "value" + i));
            gets.add(get("key" + i));
        }
        PipelineReplies replies = link.stages(List.of(sets, gets)).await(5, SECONDS);
        assertThat(replies.allSucceeded()).isTrue();
        for (int i = 0; i < 300; i++) {
            assertThat(replies.reply(300 + i)).hasToString("value" + i);
        }
        assertThat(link.pipeline(gets).await(5, SECONDS).reply(299)).hasToString("value299");
        assertThat(link.send(APPEND.call("list", "one")).await(5, SECONDS).toInteger())
                .isEqualTo(1);
        List<RedisLink> servers = link.servers().await(5, SECONDS);
        assertThat(servers).hasSize(3);
        int keys = 0;
        for (RedisLink server : servers) {
            Response found = Objects.requireNonNull(
                    server.send(Request.cmd(Command.KEYS, "key*")).await(5, SECONDS));
            assertThat(found.size()).isBetween(1, 299);
            keys += found.size();
        }
        assertThat(keys).isEqualTo(300);
    }

    @Test
    void commandThatFails_touchesNoOther() throws Exception {
        link.send(set("text", "text")).await(5, SECONDS);
        PipelineReplies replies = link.pipeline(
                        List.of(set("a", "1"), Request.cmd(Command.HGET, "text", "f"), set("b", "2"), get("a")))
                .await(5, SECONDS);
        assertThat(replies.failure(1)).hasMessageStartingWith("WRONGTYPE");
        assertThat(replies.reply(3)).hasToString("1");
        assertThat(cluster.command("GET", "b")).isEqualTo("2");
    }

    /** New keys of the slot are sent to the new master (ASK), old ones later, and in the end all are (MOVED). */
    @Test
    void slotThatMoves_isFollowed_andOrderIsKept() throws Exception {
        String key = "moving{slot}";
        int slot = cluster.slot(key);
        int from = cluster.masterOf(slot);
        int to = (from + 1) % 3;
        List<Future<Response>> sent = new ArrayList<>();
        append(key, sent, 100);
        cluster.beginMove(slot, from, to);
        append(key, sent, 100);
        PipelineReplies fresh = link.pipeline(List.of(set("fresh{slot}", "1"), get("fresh{slot}"), get("elsewhere")))
                .await(5, SECONDS);
        assertThat(fresh.reply(1)).hasToString("1");
        Thread mover = new Thread(() -> cluster.endMove(slot, from, to));
        mover.start();
        while (mover.isAlive()) {
            append(key, sent, 20);
            Future.join(sent).await(5, SECONDS);
        }
        append(key, sent, 100);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).await(5, SECONDS).toInteger())
                    .as("length after %s", i)
                    .isEqualTo(i + 1);
        }
        for (int i = 0; i < sent.size(); i++) {
            String index = Integer.toString(i);
            assertThat(cluster.command("LINDEX", key, index)).isEqualTo(index);
        }
        assertThat(cluster.masterOf(slot)).isEqualTo(to);
    }

    private void append(String key, List<Future<Response>> sent, int count) {
        for (int i = 0; i < count; i++) {
            sent.add(link.send(APPEND.call(key, sent.size())));
            link.send(set("beside" + i, "x")).onFailure(failure -> {
                throw new AssertionError(failure);
            });
        }
    }

    @Test
    void channelAndChanges_areHeardWhereverTheyAre() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        RedisSubscriber subscriber =
                RedisSubscriber.open(vertx, pool(), "mqtt_channel", body -> heard.add(body.toString()));
        subscriber.up().await(5, SECONDS);
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        BlockingQueue<String> listening = new LinkedBlockingQueue<>();
        KeyChanges changes = KeyChanges.open(
                vertx,
                pool(),
                "watched:",
                keys -> keys.forEach(key -> changed.add(key.toString())),
                () -> listening.add("one"));
        for (int i = 0; i < 3; i++) {
            assertThat(listening.poll(5, SECONDS)).isNotNull();
            cluster.at(i).command("PUBLISH", "mqtt_channel", "from " + i);
            assertThat(heard.poll(5, SECONDS)).isEqualTo("from " + i);
        }
        List<Long> counts =
                Listeners.of(link, List.of("nobody", "mqtt_channel")).await(5, SECONDS);
        assertThat(counts).containsExactly(0L, 1L);
        for (String key : List.of("watched:1", "watched:2", "watched:3", "watched:4")) {
            cluster.command("SET", key, "x");
            assertThat(changed.poll(5, SECONDS)).isEqualTo(key);
        }
        changes.close().compose(closed -> subscriber.close()).await(5, SECONDS);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void masterThatDies_isReplacedByItsReplica() throws Exception {
        for (int i = 0; i < 20; i++) {
            link.send(set("kept" + i, "value" + i)).await(5, SECONDS);
        }
        cluster.at(0).command("SET", "{" + keyOfServer0() + "}", "last");
        assertThat(cluster.at(0).command("WAIT", "1", "5000")).isEqualTo(1L);
        cluster.failOver();
        Eventually.until("the link is up", () -> link.isUp() && succeeds(link.send(get("kept0"))));
        for (int i = 0; i < 20; i++) {
            int number = i;
            Eventually.until("the cluster serves", () -> succeeds(link.send(set("more" + number, "x"))));
            assertThat(link.send(get("kept" + i)).await(5, SECONDS)).hasToString("value" + i);
        }
    }

    private static String keyOfServer0() {
        int number = 0;
        while (cluster.masterOf(cluster.slot("any" + number)) != 0) {
            number++;
        }
        return "any" + number;
    }

    private static boolean succeeds(Future<?> future) {
        try {
            return future.map(true).otherwise(false).await(5, SECONDS);
        } catch (Exception late) {
            return false;
        }
    }
}
