package io.redshank.delayed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.MessageDelayed;
import io.redshank.events.MessageDue;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.HookTable;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageProperties;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node with this module's verticle only, on a real Redis; the broker is played by the test. */
final class DelayedFixture implements AutoCloseable {
    static final int MOST = 1000;

    /** What the broker was told to publish, in order. */
    final BlockingQueue<MessageDue> due = new LinkedBlockingQueue<>();

    private final RedisFixture redis;
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final MessageClock clock = MessageClock.system("test");
    private final EventOutbox outbox;
    private final LiveTopology topology;
    private volatile Function<MessageDue, Future<Answer>> broker = event -> Future.succeededFuture(Answer.DONE);
    private @Nullable String deployment;

    DelayedFixture(RedisFixture redis, String node) throws Exception {
        this.redis = redis;
        topology = LiveTopology.alone(new Topology(new NodeName(node), Map.of(Concern.DELAYED, 1, Concern.BROKER, 1)));
        EventCodecs.register(vertx.eventBus());
        outbox = new EventOutbox(vertx, topology); // on the same context, that of this thread
        new EventInbox(vertx, topology, Concern.BROKER, 0)
                .on(EventTypes.MESSAGE_DUE, event -> {
                    due.add(event);
                    return broker.apply(event);
                })
                .open()
                .await(5, SECONDS);
    }

    @CanIgnoreReturnValue
    DelayedFixture start() throws Exception {
        return start(MOST, false);
    }

    @CanIgnoreReturnValue
    DelayedFixture start(int most, boolean rejectOnOutage) throws Exception {
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                8,
                0,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(2));
        BackendOptions options = new BackendOptions(
                topology.now().node(),
                new HookTable(List.of()),
                Map.of("pool1", pool),
                TimestampUnit.MILLISECONDS,
                Duration.ofDays(30),
                Duration.ofDays(365),
                Duration.ofHours(1),
                rejectOnOutage);
        deployment = vertx.deployVerticle(new DelayedVerticle(options, topology, most))
                .await(10, SECONDS);
        return this;
    }

    /** Ends the verticle; the broker stays. */
    void stop() throws Exception {
        if (deployment != null) {
            vertx.undeploy(deployment).await(10, SECONDS);
            deployment = null;
        }
    }

    /** The broker answers so from now on. */
    void broker(Function<MessageDue, Future<Answer>> answer) {
        broker = answer;
    }

    Message message(String topic, Qos qos) {
        return message(topic, qos, MessageProperties.NONE);
    }

    Message message(String topic, Qos qos, MessageProperties properties) {
        return new Message(
                clock.next(),
                new ClientId("p"),
                new TopicName(topic),
                qos,
                false,
                Payload.of("payload".getBytes(UTF_8)),
                System.currentTimeMillis(),
                properties);
    }

    /** Sends a message that is due so long from now, and waits until it is stored. */
    @CanIgnoreReturnValue
    Message delay(String topic, long millis) throws Exception {
        Message message = message(topic, Qos.AT_LEAST_ONCE);
        assertThat(delay(message, millis).await(5, SECONDS)).isEqualTo(Answer.DONE);
        return message;
    }

    @CanIgnoreReturnValue
    Future<Answer> delay(Message message, long millis) {
        MessageDelayed event = new MessageDelayed(message, "u", message.millis() + millis);
        Promise<Answer> stored = Promise.promise();
        context.runOnContext(turn -> outbox.request(EventTypes.MESSAGE_DELAYED, Concern.DELAYED, event)
                .onComplete(stored));
        return stored.future();
    }

    /** The next message that the broker is told to publish. */
    @CanIgnoreReturnValue
    MessageDue nextDue() throws InterruptedException {
        MessageDue event = due.poll(10, SECONDS);
        if (event == null) {
            throw new AssertionError("nothing was due within ten seconds");
        }
        return event;
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(10, SECONDS);
    }
}
