package io.redshank.connections;

import static io.redshank.connections.Backend.CHANNEL;
import static io.redshank.connections.Backend.shipped;
import static io.redshank.connections.Backend.subscribed;
import static io.redshank.connections.Backend.unsubscribed;
import static io.redshank.events.EventTypes.SESSION_SUBSCRIBED;
import static io.redshank.events.EventTypes.SESSION_UNSUBSCRIBED;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Member;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.model.ClientId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisSubscriber;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channel both ways, with a broker that serves the client "live" and no other. */
class ChannelTest {
    private static final RedisFixture REDIS = RedisFixture.start();

    private final BlockingQueue<SubscriptionCommanded> commanded = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicInteger leaveOrders = new AtomicInteger();
    private Backend backend;

    @BeforeEach
    void start() throws Exception {
        REDIS.command("FLUSHALL");
        backend = Backend.start(REDIS, shipped());
        new EventInbox(backend.vertx(), backend.topology(), Concern.BROKER, 0)
                .on(EventTypes.SUBSCRIPTION_COMMANDED, command -> {
                    boolean first = commanded.add(command);
                    return Future.succeededFuture(
                            first && command.client().value().equals("live"));
                })
                .open()
                .await(5, SECONDS);
        backend.vertx()
                .deployVerticle(
                        new ChannelVerticle(backend.options(), backend.topology(), leaveOrders::incrementAndGet))
                .await(5, SECONDS);
        RedisSubscriber.open(
                        backend.vertx(),
                        backend.options().sessionPool(),
                        CHANNEL,
                        message -> assertThat(heard.add(message.toString())).isTrue())
                .up()
                .await(5, SECONDS);
        Eventually.isEqual(() -> REDIS.command("PUBSUB", "NUMSUB", CHANNEL), List.of(CHANNEL, 2L));
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
    void devicesSubscriptions_areAnnouncedAndNotObeyed() throws Exception {
        backend.done(SESSION_SUBSCRIBED, subscribed("live", "topic0", 1, false));
        backend.done(SESSION_UNSUBSCRIBED, unsubscribed("live", "topic0"));
        assertThat(heard.poll(5, SECONDS))
                .isEqualTo("{\"type\":\"subscribe\",\"topic\":\"topic0\",\"clientid\":\"live\",\"qos\":1}\t");
        assertThat(heard.poll(5, SECONDS))
                .isEqualTo("{\"type\":\"unsubscribe\",\"topic\":\"topic0\",\"clientid\":\"live\"}\t");
        publish("{\"type\":\"unsubscribe\",\"topic\":\"last\",\"clientid\":\"live\"}");
        assertThat(commanded.poll(5, SECONDS)).isEqualTo(command("live", "last", null));
    }

    @Test
    void leaveOrder_isPassedOn() {
        Member self = backend.topology().now().self();
        String channel = Keys.nodeChannel(self.node());
        Eventually.isEqual(() -> REDIS.command("PUBSUB", "NUMSUB", channel), List.of(channel, 1L));
        assertThat(REDIS.command("PUBLISH", channel, "leave " + self.incarnation()))
                .isEqualTo(1L);
        Eventually.isEqual(leaveOrders::get, 1);
    }

    @Test
    void command_reachesTheLiveClientOnly() throws Exception {
        publish("{\"type\": \"subscribe\", \"topic\": \"topic0\", \"clientid\": \"live\", \"qos\": \"1\"}");
        assertThat(commanded.poll(5, SECONDS)).isEqualTo(command("live", "topic0", Qos.AT_LEAST_ONCE));
        publish("{\"type\": \"subscribe\", \"topic\": \"topic1\", \"clientid\": \"live\", \"qos\": 2}");
        assertThat(commanded.poll(5, SECONDS)).isEqualTo(command("live", "topic1", Qos.EXACTLY_ONCE));
        publish("{\"type\": \"subscribe\", \"topic\": \"t\", \"clientid\": \"away\", \"qos\": 0}");
        Eventually.isEqual(() -> REDIS.hash("mqtt:sub:away"), Map.of("t", "0"));
        assertThat(REDIS.command("EXISTS", "mqtt:sub:live")).isEqualTo(0L);
    }

    @Test
    void commandsForAnOfflineClient_areKeptInOrder() throws Exception {
        publish("{\"type\":\"subscribe\",\"topic\":\"a\",\"clientid\":\"away\",\"qos\":1}");
        publish("{\"type\":\"subscribe\",\"topic\":\"b\",\"clientid\":\"away\",\"qos\":9}");
        publish("{\"type\":\"unsubscribe\",\"topic\":\"a\",\"clientid\":\"away\"}");
        Eventually.isEqual(() -> REDIS.hash("mqtt:sub:away"), Map.of("b", "2"));
        assertThat(backend.connect("away", true, 0).subscriptions())
                .extracting(subscription -> subscription.filter().value())
                .containsExactly("b");
    }

    @Test
    void unreadableMessages_areSkipped() throws Exception {
        for (String unreadable : List.of(
                "",
                "no json",
                "[1]",
                "7",
                "null",
                "{}",
                "{\"type\":\"reboot\",\"topic\":\"a\",\"clientid\":\"live\"}",
                "{\"type\":\"subscribe\",\"topic\":7,\"clientid\":\"live\",\"qos\":1}",
                "{\"type\":\"subscribe\",\"topic\":\"a/#/b\",\"clientid\":\"live\",\"qos\":1}",
                "{\"type\":\"subscribe\",\"topic\":\"a\",\"clientid\":\"\",\"qos\":1}",
                "{\"type\":\"subscribe\",\"topic\":\"a\",\"clientid\":\"live\"}",
                "{\"type\":\"subscribe\",\"topic\":\"a\",\"clientid\":\"live\",\"qos\":\"high\"}")) {
            publish(unreadable);
        }
        publish("{\"type\":\"unsubscribe\",\"topic\":\"last\",\"clientid\":\"live\"}");
        assertThat(commanded.poll(5, SECONDS)).isEqualTo(command("live", "last", null));
        assertThat(commanded).isEmpty();
    }

    private static void publish(String message) {
        assertThat(REDIS.command("PUBLISH", CHANNEL, message)).isEqualTo(2L);
    }

    private static SubscriptionCommanded command(String client, String filter, @Nullable Qos qos) {
        return new SubscriptionCommanded(new ClientId(client), new TopicFilter(filter), qos);
    }
}
