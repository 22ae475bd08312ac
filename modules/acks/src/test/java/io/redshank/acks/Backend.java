package io.redshank.acks;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.MessageAcked;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandTemplate;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.hooks.InvalidCommandException;
import io.redshank.hooks.LogWindow;
import io.redshank.hooks.Retention;
import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PoolType;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.TimestampUnit;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.RedisFixture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node with nothing but this module's verticle, on two databases of a real Redis, and a sender that acts like the broker. */
final class Backend implements AutoCloseable {
    private static final NodeName NODE = new NodeName("n1@127.0.0.1");

    private final Vertx vertx = Vertx.vertx();
    private final Promise<EventOutbox> outbox = Promise.promise();
    private final Promise<Context> context = Promise.promise();
    private final String verticle;

    private Backend(RedisFixture redis, List<HookEntry> entries) throws Exception {
        LiveTopology topology = LiveTopology.alone(new Topology(NODE, Map.of(Concern.ACKS, 1)));
        BackendOptions options = new BackendOptions(
                NODE,
                new HookTable(entries),
                Map.of("pool1", pool(redis, "pool1", 0), "pool2", pool(redis, "pool2", 2)),
                TimestampUnit.SECONDS,
                Duration.ofDays(30),
                Duration.ofDays(365),
                Duration.ofHours(1),
                false);
        EventCodecs.register(vertx.eventBus());
        verticle = vertx.deployVerticle(new AcksVerticle(0, options, topology)).await(5, SECONDS);
        vertx.deployVerticle(here -> {
                    context.complete(here);
                    outbox.complete(new EventOutbox(vertx, topology));
                    return Future.succeededFuture();
                })
                .await(5, SECONDS);
    }

    /** One whose verticle has its connections, and whose pool of sessions is pool1. */
    static Backend start(RedisFixture redis, HookEntry... entries) throws Exception {
        List<HookEntry> all = new ArrayList<>();
        all.add(function(Hook.CLIENT_CONNECTED, null, BackendFunction.ON_SUBSCRIBE_LOOKUP, "pool1"));
        all.addAll(List.of(entries));
        Backend backend = new Backend(redis, all);
        backend.send(acked("ready", "ready", "1", "1", true));
        Eventually.isEqual(() -> redis.command("DEL", "mqtt:acked:ready:ready"), 1L);
        return backend;
    }

    static HookEntry function(Hook hook, @Nullable String topic, BackendFunction function, String pool) {
        TopicFilter filter = topic == null ? null : new TopicFilter(topic);
        return new HookEntry("hook." + function.configName(), hook, filter, new FunctionAction(function), pool, 3600);
    }

    /** A queue whose messages go to one client at a time. */
    static HookEntry leasing(String topic) {
        return new HookEntry(
                "hook.leasing",
                Hook.SESSION_SUBSCRIBED,
                new TopicFilter(topic),
                new FunctionAction(BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE),
                "pool1",
                3600,
                new FetchRules(LogWindow.EVERYTHING, LogWindow.EVERYTHING, Duration.ofMinutes(1)),
                Retention.UNLIMITED);
    }

    static HookEntry commands(Hook hook, @Nullable String topic, String... lines) throws InvalidCommandException {
        List<CommandTemplate> commands = new ArrayList<>();
        for (String line : lines) {
            commands.add(CommandTemplate.parse(hook, line, true));
        }
        TopicFilter filter = topic == null ? null : new TopicFilter(topic);
        return new HookEntry("hook.commands", hook, filter, new CommandsAction(commands, false), "pool1", 3600);
    }

    static PoolConfig pool(RedisFixture redis, String name, int database) {
        return new PoolConfig(
                name,
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                8,
                database,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(2));
    }

    static MessageAcked acked(String client, String topic, String id, @Nullable String bookmark, boolean persists) {
        return new MessageAcked(
                new ClientId(client),
                "user",
                new TopicName(topic),
                new MessageId(id),
                bookmark == null ? null : new MessageId(bookmark),
                persists,
                1_481_685_802_123L,
                false);
    }

    /** Sends these in one turn of the event loop: as one batch. */
    void send(MessageAcked... events) {
        turn(out -> {
            for (MessageAcked event : events) {
                out.send(EventTypes.MESSAGE_ACKED, Concern.ACKS, event);
            }
        });
    }

    void turn(Consumer<EventOutbox> work) {
        context.future()
                .result()
                .runOnContext(turn -> work.accept(outbox.future().result()));
    }

    /** Stops the verticle, which writes what it has first. */
    void settle() throws Exception {
        Promise<Void> handedOver = Promise.promise();
        turn(out -> out.request(EventTypes.MESSAGE_ACKED, Concern.ACKS, acked("last", "last", "1", null, false))
                .<Void>mapEmpty()
                .onComplete(handedOver));
        handedOver.future().await(5, SECONDS);
        vertx.undeploy(verticle).await(5, SECONDS);
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(20, SECONDS);
    }
}
