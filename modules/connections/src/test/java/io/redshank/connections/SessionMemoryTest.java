package io.redshank.connections;

import static io.redshank.connections.Backend.newEpoch;
import static io.redshank.connections.Backend.now;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.events.EventTypes.CLIENT_DISCONNECTED;
import static io.redshank.events.EventTypes.SESSION_SUBSCRIBED;
import static io.redshank.events.EventTypes.SESSION_UNSUBSCRIBED;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Answer;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.Received;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionMemory;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.model.Underway;
import io.redshank.redis.UnderwayText;
import io.redshank.testkit.RedisFixture;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sessions that persist remember from one connection to the next. */
class SessionMemoryTest {
    private static final RedisFixture REDIS = RedisFixture.start();
    private static final String SESSION = "mqtt:session:c";
    private static final ClientId CLIENT = new ClientId("c");
    private static final TopicName TOPIC = new TopicName("t/ü [\"x\"]");
    private static final MessageId START = new MessageId("0VtcGXyz1200abcd0001");
    private static final SubscriptionOptions OPTIONS = new SubscriptionOptions(true, true, 2, 268_435_455);

    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        backend = Backend.start(REDIS, shipped());
    }

    @AfterEach
    void close() throws Exception {
        backend.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private void subscribe(Subscription subscription, @Nullable MessageId start, SubscriptionOrigin origin)
            throws Exception {
        backend.done(SESSION_SUBSCRIBED, new SessionSubscribed(CLIENT, null, subscription, start, origin, true, now()));
    }

    private void disconnect(long expiry, @Nullable SessionMemory memory) throws Exception {
        Answer done = backend.done(
                CLIENT_DISCONNECTED,
                new ClientDisconnected(CLIENT, "user", Backend.NODE, newEpoch(), now(), expiry, null, null, memory));
        assertThat(done).isEqualTo(Answer.DONE);
    }

    private static Underway underway(int packetId, Underway.Stage stage, @Nullable Message body) {
        return underway(1, packetId, stage, Qos.AT_LEAST_ONCE, body);
    }

    private static Underway underway(long number, int packetId, Underway.Stage stage, Qos qos, @Nullable Message body) {
        return new Underway(number, packetId, stage, qos, true, body == null, TOPIC, START, body);
    }

    private static Received received(int packetId) {
        return new Received(packetId, null, true);
    }

    private static Subscription plain(String filter) {
        return new Subscription(new TopicFilter(filter), Qos.AT_LEAST_ONCE);
    }

    @Test
    void options_areRestored() throws Exception {
        Subscription special = new Subscription(new TopicFilter("a/+"), Qos.EXACTLY_ONCE, OPTIONS);
        backend.connect("c", false, 60);
        subscribe(special, START, SubscriptionOrigin.DEVICE);
        subscribe(plain("b"), null, SubscriptionOrigin.DEVICE);
        disconnect(60, null);
        REDIS.command("HSET", "mqtt:sub:c", "app", "1");
        SessionFound found = backend.connect("c", false, 60);
        assertThat(found.subscriptions()).containsExactlyInAnyOrder(special, plain("b"), plain("app"));
        assertThat(found.starts()).isEqualTo(Map.of(new TopicFilter("a/+"), START));
    }

    @Test
    void subscriptionWithoutOptions_replacesThem() throws Exception {
        backend.connect("c", false, 60);
        subscribe(new Subscription(new TopicFilter("a"), Qos.AT_LEAST_ONCE, OPTIONS), null, SubscriptionOrigin.DEVICE);
        subscribe(plain("a"), null, SubscriptionOrigin.DEVICE);
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).subscriptions()).containsExactly(plain("a"));
    }

    @Test
    void unsubscribe_forgetsOptionsAndStart() throws Exception {
        backend.connect("c", false, 60);
        subscribe(
                new Subscription(new TopicFilter("a/+"), Qos.AT_LEAST_ONCE, OPTIONS), START, SubscriptionOrigin.DEVICE);
        backend.done(SESSION_UNSUBSCRIBED, Backend.unsubscribed("c", "a/+"));
        assertThat(REDIS.hash(SESSION).keySet())
                .containsExactlyInAnyOrder("created_at", "expiry", "node", "connected", "caught_up");
    }

    /** A topic has a bookmark: the start is for the case that it is lost, so the first one counts as long as it is subscribed to. */
    @Test
    void startOfATopic_isThatOfTheFirstSubscribe_untilUnsubscribe() throws Exception {
        MessageId later = MessageClock.endOf(now());
        backend.connect("c", false, 60);
        subscribe(plain("a/b"), START, SubscriptionOrigin.DEVICE);
        subscribe(plain("a/b"), later, SubscriptionOrigin.DEVICE);
        assertThat(REDIS.hash(SESSION)).doesNotContainKey("caught_up");
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).starts()).isEqualTo(Map.of(new TopicFilter("a/b"), START));
        backend.done(SESSION_UNSUBSCRIBED, Backend.unsubscribed("c", "a/b"));
        subscribe(plain("a/b"), later, SubscriptionOrigin.DEVICE);
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).starts()).isEqualTo(Map.of(new TopicFilter("a/b"), later));
    }

    /** An application's subscription is not the session's own, but begins somewhere. */
    @Test
    void startOfAnApplicationsSubscription_isKept() throws Exception {
        REDIS.command("HSET", "mqtt:sub:c", "app/#", "1");
        backend.connect("c", false, 60);
        subscribe(plain("app/#"), START, SubscriptionOrigin.STORED);
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).starts()).containsEntry(new TopicFilter("app/#"), START);
        assertThat(REDIS.hash(SESSION)).doesNotContainKey("sub:app/#");
    }

    @Test
    void memory_comesBack() throws Exception {
        SessionMemory memory = new SessionMemory(
                1_700_000_000_000L,
                List.of(underway(65_535, Underway.Stage.SENT, null), underway(0, Underway.Stage.ACKED, null)),
                List.of(received(3), received(65_535)));
        backend.connect("c", false, 60);
        disconnect(60, memory);
        assertThat(backend.connect("c", false, 60).memory()).isEqualTo(memory);
        disconnect(60, null); // a connection that came to nothing
        assertThat(backend.connect("c", false, 60).memory()).isEqualTo(memory);
        disconnect(60, new SessionMemory(1_700_000_000_001L, List.of(), List.of()));
        assertThat(REDIS.hash(SESSION)).doesNotContainKeys("out", "in").containsEntry("caught_up", "1700000000001");
    }

    @Test
    void memoryOfAnOlderConnection_doesNotCount() throws Exception {
        backend.connect("c", false, 60);
        disconnect(60, new SessionMemory(7, List.of(underway(1, Underway.Stage.SENT, null)), List.of(received(1))));
        backend.connect("c", false, 60); // and its node is killed
        assertThat(backend.connect("c", false, 60).memory()).isEqualTo(new SessionMemory(7, List.of(), List.of()));
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).memory()).isEqualTo(new SessionMemory(7, List.of(), List.of()));
    }

    /** What QoS 2 needs is right at all times, so it is the same after a node was killed. */
    @Test
    void exchangesAtQos2_areKnownWhateverHasEndedTheConnection() throws Exception {
        Underway sent = underway(1L << 50, 2, Underway.Stage.SENT, Qos.EXACTLY_ONCE, null);
        Underway released = underway(7, 1, Underway.Stage.RELEASED, Qos.EXACTLY_ONCE, null);
        Underway atQos1 = underway(9, 3, Underway.Stage.SENT, Qos.AT_LEAST_ONCE, null);
        backend.connect("c", false, 60);
        REDIS.command("HSET", "mqtt:inflight:c", "1125899906842624", UnderwayText.write(sent));
        REDIS.command("HSET", "mqtt:inflight:c", "7", UnderwayText.write(released), "8", "damaged");
        REDIS.command("HSET", "mqtt:received:c", "5", START.value(), "6", "?" + START, "x", "y");
        SessionMemory killed = backend.connect("c", false, 60).memory();
        assertThat(killed.outbound()).containsExactly(released, sent);
        assertThat(killed.inbound()).containsExactly(new Received(5, START, true), new Received(6, START, false));
        disconnect(60, new SessionMemory(1, List.of(released, atQos1, sent), List.of(received(4), received(5))));
        SessionMemory ended = backend.connect("c", false, 60).memory();
        assertThat(ended.outbound()).containsExactly(released, atQos1, sent);
        assertThat(ended.inbound())
                .containsExactly(received(4), new Received(5, START, true), new Received(6, START, false));
    }

    @Test
    void endOfTheSession_takesExchangesAlong() throws Exception {
        backend.connect("c", false, 60);
        REDIS.command("HSET", "mqtt:inflight:c", "1", "[]");
        REDIS.command("HSET", "mqtt:received:c", "1", START.value());
        disconnect(60, null);
        assertThat((Long) REDIS.command("TTL", "mqtt:inflight:c")).isPositive();
        backend.connect("c", true, 60);
        assertThat(REDIS.command("EXISTS", "mqtt:inflight:c", "mqtt:received:c"))
                .isEqualTo(0L);
    }

    /** The session's own hash was lost: what is left of its exchanges is none of the next session's business. */
    @Test
    void newSession_hasNoExchangesOfAnOlderOne() throws Exception {
        REDIS.command("HSET", "mqtt:inflight:c", "1", "[]");
        REDIS.command("HSET", "mqtt:received:c", "1", START.value());
        assertThat(backend.connect("c", false, 60).present()).isFalse();
        assertThat(REDIS.command("EXISTS", "mqtt:inflight:c", "mqtt:received:c"))
                .isEqualTo(0L);
    }

    @Test
    void bodyThatIsStoredNowhere_isStoredForAWhile() throws Exception {
        Message body = new Message(
                START,
                CLIENT,
                TOPIC,
                Qos.EXACTLY_ONCE,
                false,
                Payload.of("hello".getBytes(StandardCharsets.UTF_8)),
                now());
        backend.connect("c", false, 60);
        disconnect(60, new SessionMemory(1, List.of(underway(1, Underway.Stage.SENT, body)), List.of()));
        assertThat(REDIS.hash("mqtt:msg:" + START)).containsEntry("payload", "hello");
        assertThat((Long) REDIS.command("TTL", "mqtt:msg:" + START)).isPositive();
        assertThat(backend.connect("c", false, 60).memory().outbound())
                .containsExactly(underway(1, Underway.Stage.SENT, body).with(null));
    }

    @Test
    void cleanStart_forgets() throws Exception {
        backend.connect("c", false, 60);
        disconnect(60, new SessionMemory(1, List.of(underway(1, Underway.Stage.SENT, null)), List.of(received(1))));
        assertThat(backend.connect("c", true, 60)).isEqualTo(new SessionFound(false, List.of()));
        disconnect(60, null);
        assertThat(backend.connect("c", false, 60).memory()).isEqualTo(SessionMemory.NONE);
    }

    @Test
    void damagedMemory_isNone() throws Exception {
        backend.connect("c", false, 60);
        disconnect(60, null);
        REDIS.command("HSET", SESSION, "out", "[[1]]", "in", "x 2", "caught_up", "?", "options:a", "[", "sub:a", "1");
        REDIS.command("HSET", "mqtt:sub:c", "a", "1");
        SessionFound found = backend.connect("c", false, 60);
        assertThat(found.memory()).isEqualTo(new SessionMemory(0, List.of(), List.of(received(2))));
        assertThat(found.subscriptions()).containsExactly(plain("a"));
    }
}
