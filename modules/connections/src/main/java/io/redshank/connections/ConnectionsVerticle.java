package io.redshank.connections;

import io.redshank.events.Concern;
import io.redshank.events.EventInbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandFailures;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.Hook;
import io.redshank.redis.DueIndex;
import io.redshank.redis.HeldWill;
import io.redshank.redis.NodeRun;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.redshank.redis.ShareScripts;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps who is online, which sessions there are and what they are subscribed to. The events of one client come to one instance,
 * and are done one after the other.
 */
public final class ConnectionsVerticle extends VerticleBase {
    private static final List<Script> SCRIPTS = Stream.of(
                    DueIndex.SCRIPTS,
                    SessionSweep.SCRIPTS,
                    HeldWill.SCRIPTS,
                    FormerSelf.SCRIPTS,
                    Registry.SCRIPTS,
                    Exclusives.SCRIPTS,
                    List.of(ShareScripts.LEAVE))
            .flatMap(List::stream)
            .toList();

    private final int instance;
    private final BackendOptions options;
    private final LiveTopology topology;
    private final ClientTurns turns = new ClientTurns();
    private @Nullable RedisLinks links;
    private @Nullable EventInbox inbox;
    private @Nullable KeptDisconnects kept;
    private @Nullable SessionSweep sweep;
    private @Nullable Exclusives exclusives;
    private List<FormerSelf> former = List.of();
    private @Nullable FormerWills formerWills;
    private @Nullable DeadNodes deadNodes;
    private @Nullable Claims claims;

    /** One instance, of this number among those of its node. */
    public ConnectionsVerticle(int instance, BackendOptions options, LiveTopology topology) {
        this.instance = instance;
        this.options = options;
        this.topology = topology;
    }

    @Override
    public Future<?> start() {
        RedisLinks opened = new RedisLinks(vertx, pools(), SCRIPTS, options.lease());
        links = opened;
        Supplier<EventCommands> commands = commandsOn(opened);
        String sessionPool = options.sessionPool().name();
        Exclusives exclusively = new Exclusives(vertx, opened.to(sessionPool), Exclusives.PROLONG_MILLIS);
        exclusives = exclusively;
        exclusively.open();
        SessionStore sessions = new SessionStore(opened, options, exclusively);
        Visits visits = new Visits();
        KeptDisconnects waiting = new KeptDisconnects(vertx, KeptDisconnects.MOST);
        kept = waiting;
        RedisLink link = opened.to(sessionPool);
        Registry registry = new Registry(opened, link, options.node());
        DeadConnections dead = new DeadConnections(options, commands, link, registry);
        Disconnects disconnects = new Disconnects(options, commands, sessions, visits, turns, waiting, registry);
        Connects connects = new Connects(options, commands, sessions, visits, turns, disconnects, registry);
        Claims granting = new Claims(vertx, registry, disconnects, dead);
        claims = granting;
        Subscriptions subscriptions = new Subscriptions(options, commands, sessions, turns);
        if (instance == 0) {
            long interval = options.sweepInterval().toMillis();
            sweep = new SessionSweep(vertx, commands, sessions, opened.to(sessionPool), interval);
            sweep.open();
            former = FormerSelf.clearUp(vertx, options, opened);
            FormerWills leftWills = new FormerWills(vertx, link, options.node(), System.currentTimeMillis());
            formerWills = leftWills;
            leftWills.open();
            NodeRun self = new NodeRun(options.node(), topology.now().self().incarnation());
            DeadNodes others = new DeadNodes(vertx, link, options.lease(), self, registry, dead);
            deadNodes = others;
            others.open();
        }
        SessionCounts counts = new SessionCounts(opened.to(sessionPool), sweep);
        EventInbox receiver = new EventInbox(vertx, topology, Concern.CONNECTIONS, instance)
                .on(EventTypes.CLIENT_CLAIMED, granting::onClaimed)
                .on(EventTypes.CLAIM_PROMPTED, granting::onPrompted)
                .on(EventTypes.CLIENT_RELEASED, granting::onReleased)
                .on(EventTypes.CLIENT_CONNECTED, connects::onConnected)
                .on(EventTypes.CLIENT_DISCONNECTED, disconnects::onDisconnected)
                .on(EventTypes.SESSION_SUBSCRIBED, subscriptions::onSubscribed)
                .on(EventTypes.SESSION_UNSUBSCRIBED, subscriptions::onUnsubscribed)
                .on(EventTypes.COUNTS_LOOKUP, counts::onLookup);
        inbox = receiver;
        return opened.upSoon()
                .compose(up ->
                        Future.all(former.stream().map(FormerSelf::settled).toList()))
                .compose(settled -> receiver.open());
    }

    /** Takes no more events, and ends when those at work are done. */
    @Override
    public Future<?> stop() {
        if (sweep != null) {
            sweep.close();
        }
        if (exclusives != null) {
            exclusives.close();
        }
        former.forEach(FormerSelf::stop);
        if (formerWills != null) {
            formerWills.stop();
        }
        if (deadNodes != null) {
            deadNodes.close();
        }
        if (claims != null) {
            claims.close();
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

    private static Supplier<EventCommands> commandsOn(RedisLinks links) {
        Map<String, RedisLink> byPool = links.all().stream()
                .collect(Collectors.toMap(link -> link.pool().name(), link -> link));
        CommandRunner runner = new CommandRunner(byPool, new CommandFailures());
        return () -> new EventCommands(links, runner);
    }

    private Collection<PoolConfig> pools() {
        Set<PoolConfig> pools = new LinkedHashSet<>();
        pools.add(options.sessionPool());
        pools.addAll(options.logPools());
        pools.addAll(options.poolsOf(
                Hook.CLIENT_CONNECTED,
                Hook.CLIENT_DISCONNECTED,
                Hook.SESSION_CREATED,
                Hook.SESSION_SUBSCRIBED,
                Hook.SESSION_UNSUBSCRIBED));
        return pools;
    }
}
