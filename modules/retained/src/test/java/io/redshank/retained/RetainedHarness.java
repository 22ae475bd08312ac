package io.redshank.retained;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagePublished;
import io.redshank.events.RetainedLookup;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A retained verticle on a real Redis, and a sender of events to it. */
final class RetainedHarness implements AutoCloseable {
    static final ClientId CLIENT = new ClientId("test");
    static final List<HookEntry> DEFAULT = List.of(
            entry(Hook.SESSION_SUBSCRIBED, null, BackendFunction.ON_RETAIN_LOOKUP),
            entry(Hook.MESSAGE_PUBLISH, "#", BackendFunction.ON_MESSAGE_RETAIN),
            entry(Hook.MESSAGE_PUBLISH, "#", BackendFunction.ON_RETAIN_DELETE));

    private static final NodeName NODE = new NodeName("redshank@127.0.0.1");
    private static final long DEADLINE_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final MessageClock clock = MessageClock.system("harness");
    private final EventOutbox outbox;

    RetainedHarness(RedisFixture redis) throws Exception {
        this(redis, DEFAULT, false);
    }

    RetainedHarness(RedisFixture redis, List<HookEntry> entries, boolean rejectOnOutage) throws Exception {
        this(redis, entries, rejectOnOutage, 0);
    }

    RetainedHarness(RedisFixture redis, List<HookEntry> entries, boolean rejectOnOutage, int mostTopics)
            throws Exception {
        EventCodecs.register(vertx.eventBus());
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
                Duration.ofSeconds(5));
        BackendOptions options = new BackendOptions(
                NODE,
                new HookTable(entries),
                Map.of("pool1", pool),
                TimestampUnit.SECONDS,
                Duration.ofDays(30),
                Duration.ofDays(365),
                Duration.ofMinutes(10),
                rejectOnOutage);
        LiveTopology topology = LiveTopology.alone(new Topology(NODE, Map.of(Concern.RETAINED, 1)));
        vertx.deployVerticle(new RetainedVerticle(0, options, topology, mostTopics))
                .await(5, SECONDS);
        outbox = Future.<EventOutbox>future(
                        made -> context.runOnContext(here -> made.complete(new EventOutbox(vertx, topology))))
                .await(5, SECONDS);
    }

    static HookEntry entry(Hook hook, @Nullable String topic, BackendFunction function) {
        return new HookEntry(
                "hook." + hook.configName(),
                hook,
                topic == null ? null : new TopicFilter(topic),
                new FunctionAction(function),
                "pool1",
                7200);
    }

    Message message(String topic, String payload) {
        return message(clock.next(), topic, payload, Qos.AT_LEAST_ONCE);
    }

    static Message message(MessageId id, String topic, String payload, Qos qos) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        return new Message(id, CLIENT, new TopicName(topic), qos, true, Payload.of(bytes), 1_481_690_659_123L);
    }

    MessageId nextId() {
        return clock.next();
    }

    Future<MessageId> publish(Message message) {
        return Future.future(answer -> context.runOnContext(here -> outbox.request(
                        EventTypes.MESSAGE_PUBLISHED, Concern.RETAINED, new MessagePublished(message, null, false))
                .onComplete(answer)));
    }

    void store(String topic, String payload) throws Exception {
        MessageId kept = publish(message(topic, payload)).await(5, SECONDS);
        if (kept.value().isEmpty()) {
            throw new IllegalStateException("no id");
        }
    }

    MessagePage page(String filter, @Nullable String cursor) throws Exception {
        return Future.<MessagePage>future(answer -> context.runOnContext(here -> outbox.request(
                                EventTypes.RETAINED_LOOKUP,
                                Concern.RETAINED,
                                new RetainedLookup(CLIENT, new TopicFilter(filter), cursor))
                        .onComplete(answer)))
                .await(10, SECONDS);
    }

    /** All pages of a look-up. */
    List<Message> all(String filter) throws Exception {
        List<Message> all = new ArrayList<>();
        MessagePage page = page(filter, null);
        all.addAll(page.messages());
        while (page.more()) {
            page = page(filter, page.cursor());
            all.addAll(page.messages());
        }
        return all;
    }

    List<String> topics(String filter) throws Exception {
        return all(filter).stream().map(m -> m.topic().value()).toList();
    }

    static String text(Message message) {
        return new String(message.payload().shared(), StandardCharsets.UTF_8);
    }

    /** Asks again and again; each question takes a round trip to Redis. */
    static void eventually(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + SECONDS.toNanos(DEADLINE_SECONDS);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + DEADLINE_SECONDS + " s: " + what);
            }
        }
    }

    /** Until a look-up finds just these topics. */
    void awaitTopics(String filter, String... topics) {
        eventually(filter + " finds " + List.of(topics), () -> {
            try {
                return topics(filter).equals(List.of(topics));
            } catch (Exception failure) {
                throw new AssertionError(failure);
            }
        });
    }

    @Override
    public void close() throws TimeoutException {
        vertx.close().await(10, SECONDS);
    }
}
