package io.redshank.retained;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.HookEntry;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps and finds retained messages. Any instance can serve any topic; the first one of a node also watches over the index.
 */
public final class RetainedVerticle extends VerticleBase {
    private static final Set<BackendFunction> FUNCTIONS = EnumSet.of(
            BackendFunction.ON_MESSAGE_RETAIN, BackendFunction.ON_RETAIN_DELETE, BackendFunction.ON_RETAIN_LOOKUP);
    private static final int SWEEPS_PER_WALK = 10;

    private final int instance;
    private final BackendOptions options;
    private final LiveTopology topology;
    private final int mostTopics;
    private final List<IndexWatch> watches = new ArrayList<>();
    private @Nullable RedisLinks links;
    private @Nullable RetainedStore store;
    private @Nullable EventInbox inbox;

    /** The instance of this number, from 0, on this node; it keeps messages of at most so many topics, or of any number if 0. */
    public RetainedVerticle(int instance, BackendOptions options, LiveTopology topology, int mostTopics) {
        this.mostTopics = mostTopics;
        this.instance = instance;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        List<PoolConfig> pools = pools();
        RedisLinks opened = new RedisLinks(
                vertx,
                pools,
                List.of(RetainedCommands.STORE, RetainedCommands.DELETE, RetainedReader.SCRIPT, RetainedScan.SCRIPT),
                options.lease());
        RetainedStore writes = new RetainedStore(vertx, options, opened, mostTopics);
        RetainedLookups lookups = new RetainedLookups(vertx, options, opened);
        links = opened;
        store = writes;
        writes.open();
        if (instance == 0) {
            long walkMillis = options.sweepInterval().toMillis() * SWEEPS_PER_WALK;
            pools.forEach(pool -> watches.add(IndexWatch.open(vertx, pool, walkMillis)));
        }
        RetainedCounts counts = new RetainedCounts(opened, instance == 0);
        EventInbox events = new EventInbox(vertx, topology, Concern.RETAINED, instance)
                .on(EventTypes.MESSAGE_PUBLISHED, writes::onPublished)
                .on(EventTypes.RETAINED_LOOKUP, lookups::onLookup)
                .on(EventTypes.COUNTS_LOOKUP, counts::onLookup)
                .afterBatch(() -> {
                    writes.flush();
                    lookups.flush();
                });
        inbox = events;
        return opened.upSoon().compose(up -> events.open());
    }

    @Override
    public Future<?> stop() {
        return Objects.requireNonNull(inbox).close().eventually(this::closeRedis);
    }

    private Future<?> closeRedis() {
        Objects.requireNonNull(store).close();
        List<Future<?>> closing = new ArrayList<>();
        closing.add(Objects.requireNonNull(links).close());
        watches.forEach(watch -> closing.add(watch.close()));
        return Future.join(closing);
    }

    private List<PoolConfig> pools() {
        Set<String> names = options.hooks().all().stream()
                .filter(entry -> FUNCTIONS.stream().anyMatch(entry::does))
                .map(HookEntry::pool)
                .collect(Collectors.toSet());
        return options.pools().values().stream()
                .filter(pool -> names.contains(pool.name()))
                .toList();
    }
}
