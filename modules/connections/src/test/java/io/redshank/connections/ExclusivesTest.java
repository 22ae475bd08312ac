package io.redshank.connections;

import static io.redshank.connections.Backend.shipped;
import static io.redshank.connections.Backend.subscribed;
import static io.redshank.connections.Backend.unsubscribed;
import static io.redshank.events.EventTypes.SESSION_SUBSCRIBED;
import static io.redshank.events.EventTypes.SESSION_UNSUBSCRIBED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.hooks.Hook;
import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import io.redshank.redis.RedisLink;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Exclusive subscriptions: who has them, for how long, and what ends them. */
class ExclusivesTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final String FILTER = "$exclusive/t/1";
    private static final String KEY = "mqtt:exclusive:t/1";

    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        backend = Backend.start(REDIS, TimestampUnit.SECONDS, Duration.ofMillis(50), shipped());
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @Test
    void firstClient_hasIt_theSecondDoesNot() throws Exception {
        backend.connect("one", true, 0);
        backend.connect("two", true, 0);
        subscribe("one", false);
        assertThat(REDIS.command("GET", KEY)).isEqualTo("one");
        expectTaken("two", false);
        expectTaken("two", true);
        subscribe("one", false); // again
        assertThat(REDIS.command("GET", KEY)).isEqualTo("one");
    }

    @Test
    void clientWithoutSession_hasItForAMinuteAtATime() throws Exception {
        backend.connect("one", true, 0);
        subscribe("one", false);
        assertThat((Long) REDIS.command("TTL", KEY)).isBetween(50L, 60L);
    }

    @Test
    void unsubscribe_releasesIt_ofItsOwnerOnly() throws Exception {
        backend.connect("one", true, 0);
        subscribe("one", false);
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("two", FILTER));
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("one", "t/1"));
        expectTaken("two", false);
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("one", FILTER));
        subscribe("two", false);
    }

    @Test
    void endOfAConnectionWithoutSession_releasesIt() throws Exception {
        backend.connect("one", true, 0);
        subscribe("one", false);
        backend.disconnect("one", 0);
        assertThat(REDIS.command("EXISTS", KEY)).isEqualTo(0L);
    }

    @Test
    void session_keepsItWhileItsClientIsAway_andReleasesItWhenItExpires() throws Exception {
        backend.connect("one", false, 2);
        subscribe("one", true);
        assertThat(REDIS.hash("mqtt:sub:one")).containsEntry(FILTER, "1");
        backend.disconnect("one", 2);
        assertThat((Long) REDIS.command("TTL", KEY)).isBetween(86_000L, 86_402L);
        expectTaken("two", false);
        Eventually.isEqual(() -> REDIS.command("EXISTS", KEY), 0L);
        subscribe("two", false);
    }

    @Test
    void sessionThatNeverExpires_keepsItForGood() throws Exception {
        backend.connect("one", false, Backend.NEVER);
        subscribe("one", true);
        backend.disconnect("one", Backend.NEVER);
        assertThat(REDIS.command("TTL", KEY)).isEqualTo(-1L);
    }

    @Test
    void cleanStart_releasesIt() throws Exception {
        backend.connect("one", false, 60);
        subscribe("one", true);
        backend.disconnect("one", 60);
        backend.connect("one", true, 60);
        assertThat(REDIS.command("EXISTS", KEY)).isEqualTo(0L);
    }

    @Test
    void expiryZeroAtDisconnect_releasesIt_andTheBookmarkOfItsTopic() throws Exception {
        backend.connect("one", false, 60);
        subscribe("one", true);
        REDIS.command("SET", "mqtt:acked:one:t/1", "x");
        backend.disconnect("one", 0);
        assertThat(REDIS.command("EXISTS", KEY, "mqtt:acked:one:t/1")).isEqualTo(0L);
    }

    @Test
    void hooks_areToldThePlainFilter() throws Exception {
        backend.close();
        backend =
                Backend.start(REDIS, Backend.commands(Hook.SESSION_SUBSCRIBED, "t/#", "SET seen:${clientid} ${topic}"));
        subscribe("one", false);
        assertThat(REDIS.command("GET", "seen:one")).isEqualTo("t/1");
    }

    @Test
    void claimThatRedisCannotTake_isRefused() {
        REDIS.command("SADD", KEY, "x");
        assertThatThrownBy(() -> subscribe("one", false))
                .isInstanceOfSatisfying(
                        EventFailedException.class,
                        failure -> assertThat(failure.failure()).isEqualTo(EventFailure.REFUSED));
    }

    @Test
    void heldClaims_areProlonged_alsoWhenRedisHasLostThem() throws Exception {
        RedisLink link = RedisLink.open(backend.vertx(), backend.options().sessionPool(), Exclusives.SCRIPTS);
        link.up().await(5, SECONDS);
        Exclusives prolonging = new Exclusives(backend.vertx(), link, 20);
        prolonging.open();
        try {
            prolonging.claim(new ClientId("one"), new TopicFilter("t/1"), false).await(5, SECONDS);
            REDIS.command("EXPIRE", KEY, "5");
            Eventually.asserted(
                    () -> assertThat((Long) REDIS.command("TTL", KEY)).isGreaterThan(50));
            REDIS.command("DEL", KEY);
            Eventually.isEqual(() -> REDIS.command("GET", KEY), "one");
        } finally {
            prolonging.close();
            link.close().await(5, SECONDS);
        }
    }

    private void subscribe(String client, boolean persists) throws Exception {
        backend.done(SESSION_SUBSCRIBED, subscribed(client, FILTER, 1, persists));
    }

    private void expectTaken(String client, boolean persists) {
        assertThatThrownBy(() -> subscribe(client, persists))
                .isInstanceOfSatisfying(
                        EventFailedException.class,
                        failure -> assertThat(failure.failure()).isEqualTo(EventFailure.TAKEN));
    }
}
