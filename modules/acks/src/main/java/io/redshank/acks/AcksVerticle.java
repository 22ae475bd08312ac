package io.redshank.acks;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandFailures;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.Hook;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.redshank.redis.ShareScripts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes what acknowledgements and deliveries change in Redis. The events of one client come to one instance. */
public final class AcksVerticle extends VerticleBase {
    private static final List<Script> SCRIPTS = Stream.of(
                    LotWriter.SCRIPTS, List.of(ShareScripts.OPEN, ShareScripts.CLAIM, ShareScripts.CAUGHT_UP))
            .flatMap(List::stream)
            .toList();

    private final int instance;
    private final BackendOptions options;
    private final LiveTopology topology;
    private final Map<String, PoolQueue> queues = new LinkedHashMap<>();
    private @Nullable RedisLinks links;
    private @Nullable EventInbox inbox;
    private @Nullable InflightQueue inflight;

    /** One instance, of this number among those of its node. */
    public AcksVerticle(int instance, BackendOptions options, LiveTopology topology) {
        this.instance = instance;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        RedisLinks opened = new RedisLinks(vertx, pools(), SCRIPTS, options.lease());
        links = opened;
        CommandRunner runner = new CommandRunner(opened.byPool(), new CommandFailures());
        for (RedisLink link : opened.all()) {
            queues.put(link.pool().name(), new PoolQueue(vertx, new LotWriter(link, runner, options), PoolQueue.MOST));
        }
        RedisLink sessions = opened.to(options.sessionPool().name());
        long seconds = Math.max(1, options.bookmarkTtl().toSeconds());
        InflightQueue underway = new InflightQueue(vertx, sessions, seconds);
        inflight = underway;
        Acknowledgements acknowledgements = new Acknowledgements(options, queues, underway);
        SharedPlaces shared = new SharedPlaces(opened, sessions, acknowledgements, seconds);
        EventInbox receiver = new EventInbox(vertx, topology, Concern.ACKS, instance)
                .on(EventTypes.MESSAGE_ACKED, acknowledgements::onAcked)
                .on(EventTypes.MESSAGE_DELIVERED, acknowledgements::onDelivered)
                .on(EventTypes.ACKS_AWAITED, acknowledgements::onAwaited)
                .on(EventTypes.UNDERWAY_NOTED, acknowledgements::onNoted)
                .on(EventTypes.UNDERWAY_SETTLED, acknowledgements::onSettled)
                .on(EventTypes.SHARE_OPENED, shared::onOpened)
                .on(EventTypes.SHARE_CAUGHT_UP, shared::onCaughtUp)
                .on(EventTypes.SHARE_MOVED, shared::onMoved)
                .on(EventTypes.SHARE_ENDED, shared::onEnded)
                .afterBatch(() -> {
                    acknowledgements.flush();
                    shared.flush();
                });
        inbox = receiver;
        return opened.upSoon().compose(up -> receiver.open());
    }

    /** Takes no more events, and ends when what is queued is written, or cannot be. */
    @Override
    public Future<?> stop() {
        return (inbox == null ? Future.succeededFuture() : inbox.close())
                .transform(unregistered -> Future.join(
                        queues.values().stream().map(PoolQueue::settled).toList()))
                .transform(settled -> {
                    queues.values().forEach(PoolQueue::close);
                    if (inflight != null) {
                        inflight.close();
                    }
                    return links == null ? Future.succeededFuture() : links.close();
                });
    }

    private Collection<PoolConfig> pools() {
        Set<PoolConfig> pools = new LinkedHashSet<>();
        pools.add(options.sessionPool());
        pools.addAll(options.poolsOf(Hook.MESSAGE_PUBLISH, Hook.MESSAGE_DELIVERED, Hook.MESSAGE_ACKED));
        return pools;
    }
}
