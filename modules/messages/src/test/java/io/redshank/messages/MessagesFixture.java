package io.redshank.messages;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.events.Answer;
import io.redshank.events.AppendedLookup;
import io.redshank.events.BacklogFetch;
import io.redshank.events.Concern;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.MessageAccepted;
import io.redshank.events.MessagePage;
import io.redshank.events.MessagePublished;
import io.redshank.events.MessagesFetch;
import io.redshank.events.PacketIdReleased;
import io.redshank.events.TopicPage;
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
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.Payload;
import io.redshank.model.Qos;
import io.redshank.model.Subscription;
import io.redshank.model.TopicFilter;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Messages verticles on a real Redis, and a test as their broker. */
final class MessagesFixture implements AutoCloseable {
    static final ClientId PUBLISHER = new ClientId("publisher");

    final RedisFixture redis = RedisFixture.start();
    final MessageClock clock = MessageClock.system("test");
    /** What a broker was told to route, in order. */
    final BlockingQueue<MessageAccepted> routed = new LinkedBlockingQueue<>();

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final EventOutbox outbox;
    private final List<HookEntry> entries = new ArrayList<>();
    private final LiveTopology topology;
    private Duration sweepInterval = Duration.ofHours(1);
    private LogWindow firstFetch = LogWindow.NOTHING;
    private boolean rejectOnOutage;

    MessagesFixture() {
        topology = LiveTopology.alone(
                new Topology(new NodeName("redshank@test"), Map.of(Concern.MESSAGES, 2, Concern.BROKER, 1)));
        EventCodecs.register(vertx.eventBus());
        outbox = new EventOutbox(vertx, topology); // on the same context, that of this thread
    }

    @CanIgnoreReturnValue
    MessagesFixture hook(Hook hook, @Nullable String topic, BackendFunction function, long expired) {
        entries.add(new HookEntry(
                "hook[" + entries.size() + "]", hook, filter(topic), new FunctionAction(function), "pool1", expired));
        return this;
    }

    @CanIgnoreReturnValue
    MessagesFixture fetching(String topic, BackendFunction function, FetchRules rules) {
        entries.add(new HookEntry(
                "hook[" + entries.size() + "]",
                Hook.SESSION_SUBSCRIBED,
                filter(topic),
                new FunctionAction(function),
                "pool1",
                3600,
                rules,
                Retention.UNLIMITED));
        return this;
    }

    @CanIgnoreReturnValue
    MessagesFixture storing(String topic, Retention limits) {
        entries.add(new HookEntry(
                "hook[" + entries.size() + "]",
                Hook.MESSAGE_PUBLISH,
                filter(topic),
                new FunctionAction(BackendFunction.ON_MESSAGE_PUBLISH),
                "pool1",
                3600,
                FetchRules.PLAIN,
                limits));
        return this;
    }

    MessagesFixture firstFetch(LogWindow window) {
        firstFetch = window;
        return this;
    }

    MessagesFixture command(String topic, String line) throws InvalidCommandException {
        CommandsAction action =
                new CommandsAction(List.of(CommandTemplate.parse(Hook.MESSAGE_PUBLISH, line, true)), false);
        entries.add(new HookEntry(
                "hook[" + entries.size() + "]", Hook.MESSAGE_PUBLISH, filter(topic), action, "pool1", 3600));
        return this;
    }

    /** The seed's entries for stored messages. */
    MessagesFixture seed() {
        return hook(Hook.MESSAGE_PUBLISH, "#", BackendFunction.ON_MESSAGE_PUBLISH, 3600)
                .hook(Hook.SESSION_SUBSCRIBED, "queue/#", BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE, 3600)
                .hook(Hook.SESSION_SUBSCRIBED, "pubsub/#", BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB, 3600);
    }

    MessagesFixture sweepEvery(Duration interval) {
        sweepInterval = interval;
        return this;
    }

    MessagesFixture rejectingOnOutage() {
        rejectOnOutage = true;
        return this;
    }

    @CanIgnoreReturnValue
    MessagesFixture start() throws Exception {
        redis.select(1);
        PoolConfig pool = new PoolConfig(
                "pool1",
                PoolType.SINGLE,
                List.of(new RedisAddress(redis.host(), redis.port())),
                null,
                8,
                1,
                null,
                null,
                "mqtt_channel",
                Duration.ofSeconds(2));
        BackendOptions options = new BackendOptions(
                topology.now().node(),
                new HookTable(entries),
                Map.of("pool1", pool),
                TimestampUnit.SECONDS,
                Duration.ofDays(30),
                Duration.ofDays(365),
                sweepInterval,
                firstFetch,
                rejectOnOutage);
        new EventInbox(vertx, topology, Concern.BROKER, 0)
                .on(EventTypes.MESSAGE_ACCEPTED, accepted -> {
                    routed.add(accepted);
                    return Future.succeededFuture(Answer.DONE);
                })
                .open()
                .await(5, SECONDS);
        for (int instance = 0; instance < 2; instance++) {
            vertx.deployVerticle(new MessagesVerticle(instance, options, topology))
                    .await(5, SECONDS);
        }
        return this;
    }

    Message message(String topic, String payload) {
        return message(topic, payload, Qos.AT_LEAST_ONCE);
    }

    Message message(String topic, String payload, Qos qos) {
        return new Message(
                clock.next(),
                PUBLISHER,
                new TopicName(topic),
                qos,
                false,
                Payload.of(payload.getBytes(StandardCharsets.UTF_8)),
                System.currentTimeMillis());
    }

    Future<MessageId> publish(Message message) {
        return send(new MessagePublished(message, null, false));
    }

    Future<MessageId> send(MessagePublished event) {
        return onContext(() -> outbox.request(EventTypes.MESSAGE_PUBLISHED, Concern.MESSAGES, event));
    }

    Future<Answer> release(int packetId) {
        PacketIdReleased event = new PacketIdReleased(PUBLISHER, packetId);
        return onContext(() -> outbox.request(EventTypes.PACKET_ID_RELEASED, Concern.MESSAGES, event));
    }

    /** What all instances together have counted. */
    Counts counts() throws Exception {
        Promise<Counts> all = Promise.promise();
        context.runOnContext(turn -> Future.all(
                        outbox.requestOfAll(EventTypes.COUNTS_LOOKUP, Concern.MESSAGES, new CountsLookup()))
                .map(found -> found.<Counts>list().stream().reduce(Counts.NONE, Counts::plus))
                .onComplete(all));
        return all.future().await(5, SECONDS);
    }

    Future<MessagePage> fetch(String client, String topic, @Nullable String cursor) {
        return fetch(client, topic, false, cursor);
    }

    private Future<MessagePage> fetch(String client, String topic, boolean persists, @Nullable String cursor) {
        BacklogFetch fetch = new BacklogFetch(
                new ClientId(client),
                new Subscription(new TopicFilter(topic), Qos.AT_LEAST_ONCE),
                null,
                null,
                persists,
                cursor);
        return onContext(() -> outbox.request(EventTypes.BACKLOG_FETCH, Concern.MESSAGES, fetch));
    }

    /** A page of a topic that a subscription with wildcards matches, which began behind this id. */
    Future<MessagePage> fetchFrom(String client, String topic, MessageId start) {
        BacklogFetch fetch = new BacklogFetch(
                new ClientId(client),
                new Subscription(new TopicFilter(topic), Qos.AT_LEAST_ONCE),
                start,
                null,
                true,
                null);
        return onContext(() -> outbox.request(EventTypes.BACKLOG_FETCH, Concern.MESSAGES, fetch));
    }

    /** A page of a topic that a session which comes back has subscribed to at this time. */
    Future<MessagePage> fetchAgain(String client, String topic, MessageId since) {
        BacklogFetch fetch = new BacklogFetch(
                new ClientId(client),
                new Subscription(new TopicFilter(topic), Qos.AT_LEAST_ONCE),
                null,
                since,
                true,
                null);
        return onContext(() -> outbox.request(EventTypes.BACKLOG_FETCH, Concern.MESSAGES, fetch));
    }

    Future<TopicPage> topics(AppendedLookup lookup) {
        return onContext(() -> outbox.request(EventTypes.APPENDED_LOOKUP, Concern.MESSAGES, lookup));
    }

    Future<MessagePage> stored(MessagesFetch.Wanted... wanted) {
        MessagesFetch fetch = new MessagesFetch(new ClientId("c"), List.of(wanted));
        return onContext(() -> outbox.request(EventTypes.MESSAGES_FETCH, Concern.MESSAGES, fetch));
    }

    /** All that a client is given of a topic, page by page. */
    List<String> drain(String client, String topic) throws Exception {
        return drain(client, topic, false);
    }

    /** The same for a session that persists, or not. */
    List<String> drain(String client, String topic, boolean persists) throws Exception {
        List<String> payloads = new ArrayList<>();
        String cursor = null;
        MessagePage page;
        do {
            page = fetch(client, topic, persists, cursor).await(5, SECONDS);
            page.messages().forEach(message -> payloads.add(text(message)));
            cursor = page.cursor();
        } while (page.more());
        return payloads;
    }

    static String text(Message message) {
        return new String(message.payload().shared(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(10, SECONDS);
        redis.close();
    }

    /** An outbox is confined to its context; a test is not on it. */
    private <T> Future<T> onContext(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(turn -> call.get().onComplete(promise));
        return promise.future();
    }

    private static @Nullable TopicFilter filter(@Nullable String topic) {
        return topic == null ? null : new TopicFilter(topic);
    }
}
