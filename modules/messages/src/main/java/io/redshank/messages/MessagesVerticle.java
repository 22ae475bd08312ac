package io.redshank.messages;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandFailures;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.Hook;
import io.redshank.model.MessageClock;
import io.redshank.redis.LogScripts;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stores what is published, has it routed, and reads the topic logs for subscriptions. */
public final class MessagesVerticle extends VerticleBase {
    private static final List<Script> SCRIPTS = List.of(
            StoreCommands.APPEND,
            Receipts.STORED,
            LogLimits.TRIM,
            Lease.TAKE,
            LogScripts.PAGE,
            AppendedTopics.PAGE,
            LogScripts.FORGET_TOPIC);

    private final int instance;
    private final BackendOptions options;
    private final LiveTopology topology;
    private @Nullable EventInbox inbox;
    private @Nullable EventOutbox outbox;
    private @Nullable RedisLinks links;
    private @Nullable Publishing publishing;
    private @Nullable LogSweep sweep;

    /** One instance, of this number among those of its node. */
    public MessagesVerticle(int instance, BackendOptions options, LiveTopology topology) {
        this.instance = instance;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        RedisLinks redis = new RedisLinks(vertx, pools().values(), SCRIPTS, options.lease());
        EventOutbox events = new EventOutbox(vertx, topology);
        MessageClock clock = MessageClock.system(options.node() + "/messages/" + instance);
        CommandRunner runner = new CommandRunner(redis.byPool(), new CommandFailures());
        LogCounts counts = new LogCounts();
        Receipts receipts = new Receipts(vertx, options, redis);
        Publishing publisher = new Publishing(vertx, options, redis, runner, events, receipts, clock, counts);
        Backlog backlog = new Backlog(options, redis, clock, counts);
        links = redis;
        outbox = events;
        publishing = publisher;
        if (instance == 0) {
            sweep = new LogSweep(vertx, options, redis);
            sweep.start();
        }
        EventInbox receiver = new EventInbox(vertx, topology, Concern.MESSAGES, instance)
                .on(EventTypes.MESSAGE_PUBLISHED, publisher::onPublished)
                .on(EventTypes.BACKLOG_FETCH, backlog::onFetch)
                .on(EventTypes.APPENDED_LOOKUP, new AppendedTopics(options, redis)::onLookup)
                .on(EventTypes.PACKET_ID_RELEASED, receipts::onReleased)
                .on(EventTypes.MESSAGES_FETCH, new StoredMessages(options, redis)::onFetch)
                .on(EventTypes.COUNTS_LOOKUP, counts::onLookup)
                .afterBatch(() -> {
                    publisher.flush();
                    receipts.flush();
                });
        inbox = receiver;
        return redis.upSoon().compose(up -> receiver.open());
    }

    @Override
    public Future<?> stop() {
        if (sweep != null) {
            sweep.stop();
        }
        Future<Void> deaf = inbox == null ? Future.succeededFuture() : inbox.close();
        return deaf.transform(closed -> {
            if (publishing != null) {
                publishing.close();
            }
            if (outbox != null) {
                outbox.close();
            }
            return links == null ? Future.succeededFuture() : links.close();
        });
    }

    private Map<String, PoolConfig> pools() {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        PoolConfig sessions = options.sessionPool();
        pools.put(sessions.name(), sessions);
        options.poolsOf(Hook.MESSAGE_PUBLISH, Hook.SESSION_SUBSCRIBED).forEach(pool -> pools.put(pool.name(), pool));
        return pools;
    }
}
