package io.redshank.connections;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventType;
import io.redshank.events.EventTypes;
import io.redshank.events.LastWill;
import io.redshank.events.LiveTopology;
import io.redshank.events.SessionFound;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SessionUnsubscribed;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandTemplate;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookTable;
import io.redshank.hooks.InvalidCommandException;
import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A node with nothing but this module's verticles, on a real Redis, and a sender that acts like the broker. */
final class Backend implements AutoCloseable {
    static final NodeName NODE = new NodeName("n1@127.0.0.1");
    static final String CHANNEL = "mqtt_channel";
    static final long NEVER = 0xFFFF_FFFFL;

    private static final AtomicLong EPOCHS = new AtomicLong(1);

    private final Vertx vertx = Vertx.vertx();
    private final LiveTopology topology =
            LiveTopology.alone(new Topology(NODE, Map.of(Concern.CONNECTIONS, 2, Concern.BROKER, 1)));
    private final BackendOptions options;
    private final Promise<EventOutbox> outbox = Promise.promise();
    private final Promise<Context> context = Promise.promise();

    private Backend(RedisFixture redis, List<HookEntry> entries, TimestampUnit unit, Duration sweepInterval)
            throws Exception {
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                8,
                0,
                null,
                null,
                CHANNEL,
                Duration.ofSeconds(2));
        options = new BackendOptions(
                NODE,
                new HookTable(entries),
                Map.of("pool1", pool),
                unit,
                Duration.ofDays(30),
                Duration.ofDays(365),
                sweepInterval,
                false);
        EventCodecs.register(vertx.eventBus());
        for (int instance = 0; instance < 2; instance++) {
            vertx.deployVerticle(new ConnectionsVerticle(instance, options, topology))
                    .await(5, SECONDS);
        }
        vertx.deployVerticle(here -> {
                    context.complete(here);
                    outbox.complete(new EventOutbox(vertx, topology));
                    return Future.succeededFuture();
                })
                .await(5, SECONDS);
    }

    static Backend start(RedisFixture redis, HookEntry... entries) throws Exception {
        return start(redis, TimestampUnit.SECONDS, Duration.ofHours(1), entries);
    }

    static Backend start(RedisFixture redis, TimestampUnit unit, Duration sweepInterval, HookEntry... entries)
            throws Exception {
        Backend backend = new Backend(redis, List.of(entries), unit, sweepInterval);
        backend.awaitRedis();
        return backend;
    }

    static HookEntry function(Hook hook, BackendFunction function) {
        return new HookEntry(path(hook), hook, null, new FunctionAction(function), "pool1", 3600);
    }

    static HookEntry commands(Hook hook, @Nullable String topic, String... lines) throws InvalidCommandException {
        List<CommandTemplate> commands = new ArrayList<>();
        for (String line : lines) {
            commands.add(CommandTemplate.parse(hook, line, true));
        }
        TopicFilter filter = topic == null ? null : new TopicFilter(topic);
        return new HookEntry(path(hook), hook, filter, new CommandsAction(commands, false), "pool1", 3600);
    }

    static HookEntry[] shipped() {
        return new HookEntry[] {
            function(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED),
            function(Hook.CLIENT_CONNECTED, BackendFunction.ON_SUBSCRIBE_LOOKUP),
            function(Hook.CLIENT_DISCONNECTED, BackendFunction.ON_CLIENT_DISCONNECTED),
            function(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH)
        };
    }

    Vertx vertx() {
        return vertx;
    }

    BackendOptions options() {
        return options;
    }

    LiveTopology topology() {
        return topology;
    }

    /** An epoch above all before. */
    static long newEpoch() {
        return EPOCHS.incrementAndGet();
    }

    static long now() {
        return System.currentTimeMillis();
    }

    static ClientConnected connected(String client, long epoch, long millis, boolean cleanStart, long expiry) {
        return new ClientConnected(new ClientId(client), "user", NODE, epoch, millis, cleanStart, expiry, null);
    }

    static ClientDisconnected disconnected(String client, long epoch, long millis, long expiry) {
        return new ClientDisconnected(new ClientId(client), "user", NODE, epoch, millis, expiry, null, null, null);
    }

    /** An end with a will of this delay. */
    static ClientDisconnected left(String client, long epoch, long millis, long expiry, LastWill will) {
        return new ClientDisconnected(new ClientId(client), "user", NODE, epoch, millis, expiry, null, will, null);
    }

    static SessionSubscribed subscribed(String client, String filter, int qos, boolean persists) {
        return new SessionSubscribed(
                new ClientId(client),
                "user",
                new Subscription(new TopicFilter(filter), Qos.of(qos)),
                null,
                SubscriptionOrigin.DEVICE,
                persists,
                now());
    }

    static SessionUnsubscribed unsubscribed(String client, String filter) {
        return new SessionUnsubscribed(
                new ClientId(client), "user", new TopicFilter(filter), SubscriptionOrigin.DEVICE, now());
    }

    @CanIgnoreReturnValue
    SessionFound connect(String client, boolean cleanStart, long expiry) throws Exception {
        return done(EventTypes.CLIENT_CONNECTED, connected(client, newEpoch(), now(), cleanStart, expiry));
    }

    void disconnect(String client, long expiry) throws Exception {
        Answer answer = done(EventTypes.CLIENT_DISCONNECTED, disconnected(client, newEpoch(), now(), expiry));
        Objects.requireNonNull(answer);
    }

    void subscribe(String client, String filter, int qos) throws Exception {
        Answer answer = done(EventTypes.SESSION_SUBSCRIBED, subscribed(client, filter, qos, true));
        Objects.requireNonNull(answer);
    }

    /** Sends one event, and waits for its answer. */
    @CanIgnoreReturnValue
    <E, R> R done(EventType<E, R> type, E event) throws Exception {
        return request(type, event).await(5, SECONDS);
    }

    <E, R> Future<R> request(EventType<E, R> type, E event) {
        return turn(out -> out.request(type, Concern.CONNECTIONS, event));
    }

    /** What this leads to when done in one turn of the event loop. */
    <T> Future<T> turn(Function<EventOutbox, Future<T>> work) {
        Promise<T> outcome = Promise.promise();
        context.future()
                .result()
                .runOnContext(turn -> work.apply(outbox.future().result()).onComplete(outcome));
        return outcome.future();
    }

    /** Waits until each of the two instances has a connection to Redis. */
    void awaitRedis() {
        for (String client : List.of("a", "b")) { // ids of different instances
            Eventually.isTrue(() -> request(EventTypes.SESSION_UNSUBSCRIBED, unsubscribed(client, "nothing"))
                    .transform(outcome -> Future.succeededFuture(outcome.succeeded()))
                    .await(5, SECONDS));
        }
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(20, SECONDS);
    }

    private static String path(Hook hook) {
        return "backend.redis.hook." + hook.configName();
    }
}
