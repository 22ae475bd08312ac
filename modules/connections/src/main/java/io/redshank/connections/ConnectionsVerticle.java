package io.redshank.connections;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Topology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandFailures;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.Hook;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps who is online, which sessions there are and what they are subscribed to. The events of one client come to one instance,
 * and are done one after the other.
 */
public final class ConnectionsVerticle extends VerticleBase {
    private final int instance;
    private final BackendOptions options;
    private final Topology topology;
    private final ClientTurns turns = new ClientTurns();
    private @Nullable RedisLinks links;
    private @Nullable EventInbox inbox;
    private @Nullable KeptDisconnects kept;
    private @Nullable SessionSweep sweep;

    /** One instance, of this number among those of its node. */
    public ConnectionsVerticle(int instance, BackendOptions options, Topology topology) {
        this.instance = instance;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        String sessionPool = options.sessionPool().name();
        RedisLinks opened = new RedisLinks(vertx, pools(), SCRIPTS);
        links = opened;
        CommandRunner runner = new CommandRunner(
                opened.byPool(), new CommandFailures());
        SessionStore sessions = new SessionStore(opened, sessionPool, options.unit());
        Visits visits = new Visits();
        KeptDisconnects waiting = new KeptDisconnects(vertx, KeptDisconnects.MOST);
        kept = waiting;
        Disconnects disconnects = new Disconnects(options, opened, runner, sessions, visits, turns, waiting);
        Connects connects = new Connects(options, opened, runner, sessions, visits, turns, disconnects);
        Subscriptions subscriptions = new Subscriptions(options, opened, runner, sessions, turns);
        if (instance == 0) {
            sweep = new SessionSweep(
                    vertx,
                    opened,
                    runner,
                    sessions,
                    sessionPool,
                    options.sweepInterval().toMillis());
            sweep.open();
            former.addAll(FormerSelf.clearUp(vertx, options, opened));
        }
        EventInbox receiver = new EventInbox(vertx, topology, Concern.CONNECTIONS, instance)
                .on(EventTypes.CLIENT_CONNECTED, connects::onConnected)
                .on(EventTypes.CLIENT_DISCONNECTED, disconnects::onDisconnected)
                .on(EventTypes.SESSION_SUBSCRIBED, subscriptions::onSubscribed)
                .on(EventTypes.SESSION_UNSUBSCRIBED, subscriptions::onUnsubscribed);
        inbox = receiver;
        return opened.upSoon().compose(up -> receiver.open());
    }

    /** Takes no more events, and ends when those at work are done. */
    @Override
    public Future<?> stop() {
        if (sweep != null) {
            sweep.close();
        }
        return (inbox == null ? Future.succeededFuture() : inbox.close())
                .transform(unregistered -> turns.idle())
                .transform(done -> {
                    if (kept != null) {
                        kept.close();
                    }
                    return links == null ? Future.succeededFuture() : links.close();
                });
    }

    private Collection<PoolConfig> pools() {
        Set<PoolConfig> pools = new LinkedHashSet<>();
        pools.add(options.sessionPool());
        pools.addAll(options.poolsOf(
                Hook.CLIENT_CONNECTED,
                Hook.CLIENT_DISCONNECTED,
                Hook.SESSION_CREATED,
                Hook.SESSION_SUBSCRIBED,
                Hook.SESSION_UNSUBSCRIBED));
        return pools;
    }
}
