package io.redshank.redis;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.SentinelFixture;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A master that its sentinel replaces. */
class SentinelTest {
    private SentinelFixture sentinel;
    private Vertx vertx;

    @BeforeEach
    void start() {
        sentinel = SentinelFixture.start();
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
        sentinel.close();
    }

    @Test
    void failOver_leadsToTheNewMaster() throws Exception {
        RedisLink link = RedisLink.open(vertx, Pools.of(sentinel, null, null), List.of());
        link.up().compose(up -> link.send(set("before"))).await(5, SECONDS);
        sentinel.master().select(1);
        assertThat(sentinel.master().command("GET", "k")).isEqualTo("before");
        sentinel.failOver();
        assertThat(link.up().compose(up -> link.send(set("after"))).await(15, SECONDS))
                .hasToString("OK");
        sentinel.replica().select(1);
        assertThat(sentinel.replica().command("GET", "k")).isEqualTo("after");
    }

    @Test
    void aclUser_isNotAskedOfTheSentinel() throws Exception {
        sentinel.master().command("ACL", "SETUSER", "app", "on", ">secret", "~*", "&*", "+@all");
        RedisLink link = RedisLink.open(vertx, Pools.of(sentinel, "app", "secret"), List.of());
        link.up().await(5, SECONDS);
        assertThat(link.send(Request.cmd(Command.ACL).arg("WHOAMI")).await(5, SECONDS))
                .hasToString("app");
    }

    private static Request set(String value) {
        return Request.cmd(Command.SET).arg("k").arg(value);
    }
}
