package io.redshank.connections;

import io.redshank.events.EventOutbox;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.HookEntry;
import io.redshank.redis.Keys;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisAddress;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.RedisSubscriber;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hears what applications publish on the channels of the pools, and others on that of the node, and has it done. One for each node. */
public final class ChannelVerticle extends VerticleBase {
    private final BackendOptions options;
    private final LiveTopology topology;
    private final Runnable onLeaveOrdered;
    private final List<RedisSubscriber> subscribers = new ArrayList<>();
    private @Nullable RedisLinks links;
    private @Nullable EventOutbox outbox;

    /** The one of a node. Runs the action on an event loop, each time that an operator has ordered this run of the node to leave. */
    public ChannelVerticle(BackendOptions options, LiveTopology topology, Runnable onLeaveOrdered) {
        this.options = options;
        this.topology = topology;
        this.onLeaveOrdered = onLeaveOrdered;
    }

    @Override
    public Future<?> start() {
        List<PoolConfig> pools = pools();
        RedisLinks opened = new RedisLinks(vertx, pools, List.of(), options.lease());
        links = opened;
        EventOutbox events = new EventOutbox(vertx, topology);
        outbox = events;
        for (PoolConfig pool : pools) {
            ChannelCommands commands = new ChannelCommands(
                    events,
                    topology,
                    opened.to(pool.name()),
                    opened.to(options.sessionPool().name()));
            subscribers.add(RedisSubscriber.open(vertx, pool, pool.channel(), commands::onMessage));
        }
        // That somebody listens here is also how operators know that this node runs.
        NodeNotices notices = new NodeNotices(events, topology, onLeaveOrdered);
        subscribers.add(RedisSubscriber.open(
                vertx, options.sessionPool(), Keys.nodeChannel(options.node()), notices::onMessage));
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        return Future.join(subscribers.stream().map(RedisSubscriber::close).toList())
                .transform(closed -> links == null ? Future.succeededFuture() : links.close())
                .onComplete(closed -> {
                    if (outbox != null) {
                        outbox.close();
                    }
                });
    }

    /** A channel has no database: of the pools that share one, the first speaks for it, and that of sessions is first. */
    private List<PoolConfig> pools() {
        Set<PoolConfig> used = new LinkedHashSet<>();
        used.add(options.sessionPool());
        for (HookEntry entry : options.hooks().all()) {
            PoolConfig pool = options.pools().get(entry.pool());
            if (pool != null) {
                used.add(pool);
            }
        }
        Set<Channel> heard = new HashSet<>();
        return used.stream().filter(pool -> heard.add(Channel.of(pool))).toList();
    }

    /** What makes two channels the same. */
    private record Channel(
            Set<RedisAddress> servers, @Nullable String masterName, String name) {
        static Channel of(PoolConfig pool) {
            return new Channel(Set.copyOf(pool.servers()), pool.masterName(), pool.channel());
        }
    }
}
