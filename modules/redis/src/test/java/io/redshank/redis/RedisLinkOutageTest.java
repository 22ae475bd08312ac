package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.redshank.redis.RedisFailure.Kind;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A link whose server dies, hangs, or is not there yet. */
class RedisLinkOutageTest {
    private static final Script SCRIPT = new Script("one", "return 1");

    private RedisFixture redis;
    private Vertx vertx;

    @BeforeEach
    void start() {
        redis = RedisFixture.start();
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
        redis.close();
    }

    @Test
    void serverThatDies_failsWhatIsInFlight() throws Exception {
        RedisLink link = open(Duration.ofSeconds(30));
        redis.freeze();
        Future<PipelineReplies> pipeline = link.pipeline(List.of(get("a"), get("b")));
        Future<Response> single = link.send(get("a"));
        redis.kill();
        assertUnavailable(pipeline);
        assertUnavailable(single);
        assertUnavailable(link.send(get("a")));
    }

    /** Else somebody who tries again at once would do nothing else any more. */
    @Test
    void whoIsToldThatTheConnectionEnded_findsTheLinkDown() throws Exception {
        RedisLink link = open(Duration.ofSeconds(30));
        redis.freeze();
        Future<Boolean> single = link.send(get("a")).transform(failed -> Future.succeededFuture(link.isUp()));
        Future<Boolean> pipeline =
                link.pipeline(List.of(get("a"), get("b"))).transform(failed -> Future.succeededFuture(link.isUp()));
        redis.kill();
        assertThat(single.await(5, SECONDS)).isFalse();
        assertThat(pipeline.await(5, SECONDS)).isFalse();
    }

    @Test
    void serverThatComesBack_isFoundAndHasTheScripts() throws Exception {
        RedisLink link = open(Duration.ofSeconds(5));
        redis.kill();
        assertUnavailable(link.send(get("a")));
        Future<Void> up = link.up();
        redis.restart();
        up.await(10, SECONDS);
        assertThat(link.send(SCRIPT.call("k")).await(5, SECONDS).toInteger()).isEqualTo(1);
    }

    @Test
    void serverThatIsNotThereYet_isWaitedFor() throws Exception {
        redis.kill();
        RedisLink link = RedisLink.open(vertx, Pools.of(redis), List.of());
        assertUnavailable(link.send(get("a")));
        Future<Void> up = link.up();
        redis.restart();
        up.await(10, SECONDS);
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void serverThatHangs_isGivenUpAndNoLateReplyIsTakenForAnother() throws Exception {
        for (int i = 0; i < 20; i++) {
            redis.command("SET", "key" + i, "value" + i);
        }
        RedisLink link = open(Duration.ofMillis(200));
        redis.freeze();
        List<Future<Response>> lost = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            lost.add(link.send(get("key" + i)));
        }
        assertUnavailable(lost.get(0));
        assertUnavailable(lost.get(19));
        assertThat(link.isUp()).isFalse();
        redis.thaw();
        link.up().await(10, SECONDS);
        for (int i = 19; i >= 0; i--) {
            assertThat(link.send(get("key" + i)).await(5, SECONDS)).hasToString("value" + i);
        }
    }

    @Test
    void outage_isSaidOnceForAllLinksOfThePool() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(PoolHealth.class);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        logger.addAppender(said);
        try {
            List<RedisLink> links = List.of(open(Duration.ofSeconds(5)), open(Duration.ofSeconds(5)));
            redis.kill();
            for (RedisLink link : links) {
                assertUnavailable(link.send(get("a")));
            }
            redis.restart();
            for (RedisLink link : links) {
                link.up().await(10, SECONDS);
            }
            assertThat(said.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
            assertThat(said.list)
                    .allSatisfy(line -> assertThat(line.getFormattedMessage()).contains("pool1", redis.address()));
        } finally {
            assertThat(logger.detachAppender(said)).isTrue();
        }
    }

    @Test
    void slowTraffic_isNotTakenForAHangingServer() throws Exception {
        RedisLink link = open(Duration.ofMillis(300));
        for (int i = 0; i < 4; i++) { // longer than the time-out in all, each reply in time
            Request wait = Request.cmd(Command.BLPOP).arg("none").arg("0.15");
            assertThat(link.send(wait).await(5, SECONDS)).isNull();
        }
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void connectionThatTheServerCloses_isReplaced() throws Exception {
        RedisLink link = open(Duration.ofSeconds(5));
        redis.command("CLIENT", "KILL", "TYPE", "normal");
        awaitReply(link);
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void replica_isReconnectedTo() throws Exception {
        RedisLink link = open(Duration.ofSeconds(5));
        redis.command("REPLICAOF", "127.0.0.1", "1");
        Request set = Request.cmd(Command.SET).arg("k").arg("v");
        assertUnavailable(link.send(set));
        redis.command("REPLICAOF", "NO", "ONE");
        link.up().await(10, SECONDS);
        assertThat(link.send(set).await(5, SECONDS)).hasToString("OK");
    }

    @Test
    void password_mayHoldAnyCharacter() throws Exception {
        redis.command("CONFIG", "SET", "requirepass", "p@ss/w:rd% #ü");
        RedisLink link = RedisLink.open(vertx, Pools.withLogin(redis, null, "p@ss/w:rd% #ü"), List.of(SCRIPT));
        link.up().await(5, SECONDS);
        assertThat(link.send(get("a")).await(5, SECONDS)).isNull();
    }

    @Test
    void aclUser_isLoggedIn() throws Exception {
        redis.command("ACL", "SETUSER", "app@1", "on", ">s:/@%", "~*", "&*", "+@all");
        RedisLink link = RedisLink.open(vertx, Pools.withLogin(redis, "app@1", "s:/@%"), List.of());
        link.up().await(5, SECONDS);
        assertThat(link.send(Request.cmd(Command.ACL).arg("WHOAMI")).await(5, SECONDS))
                .hasToString("app@1");
    }

    @Test
    void wrongPassword_keepsTheLinkDown() throws Exception {
        redis.command("CONFIG", "SET", "requirepass", "right");
        RedisLink wrong = RedisLink.open(vertx, Pools.withLogin(redis, null, "wrong"), List.of());
        RedisLink none = RedisLink.open(vertx, Pools.of(redis), List.of());
        RedisLink right = RedisLink.open(vertx, Pools.withLogin(redis, null, "right"), List.of());
        right.up().await(5, SECONDS);
        assertUnavailable(wrong.send(get("a")));
        assertUnavailable(none.send(get("a")));
        assertThat(wrong.pool().toString()).doesNotContain("wrong");
    }

    private RedisLink open(Duration timeout) throws Exception {
        RedisLink link = RedisLink.open(vertx, Pools.withTimeout(redis, timeout), List.of(SCRIPT));
        link.up().await(5, SECONDS);
        return link;
    }

    private static Request get(String key) {
        return Request.cmd(Command.GET).arg(key);
    }

    /** A reply, after as many failures as it takes the link to notice. */
    private static void awaitReply(RedisLink link) throws Exception {
        Future<Response> reply = link.up().compose(up -> link.send(get("a")));
        for (int attempt = 0; attempt < 50 && !succeeds(reply); attempt++) {
            reply = link.up().compose(up -> link.send(get("a")));
        }
    }

    private static boolean succeeds(Future<Response> reply) throws Exception {
        return reply.map(true).otherwise(false).await(5, SECONDS);
    }

    private static void assertUnavailable(Future<?> future) {
        assertThatThrownBy(() -> future.await(5, SECONDS))
                .isInstanceOf(RedisFailure.class)
                .extracting(failure -> ((RedisFailure) failure).kind())
                .isEqualTo(Kind.UNAVAILABLE);
    }
}
