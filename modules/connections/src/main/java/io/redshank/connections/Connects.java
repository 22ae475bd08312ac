package io.redshank.connections;

import static io.vertx.redis.client.Command.HSET;
import static io.vertx.redis.client.Command.PERSIST;

import io.redshank.events.ClientConnected;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.SessionFound;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.model.Subscription;
import io.redshank.redis.Keys;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/** Lets clients in: writes who is online, settles which session goes on, and finds what the client is subscribed to. */
final class Connects {
    private final BackendOptions options;
    private final Supplier<EventCommands> newCommands;
    private final SessionStore sessions;
    private final Visits visits;
    private final ClientTurns turns;
    private final Disconnects disconnects;
    private final Wills wills;
    private final Registry registry;
    private final String sessionPool;

    Connects(
            BackendOptions options,
            Supplier<EventCommands> newCommands,
            SessionStore sessions,
            Visits visits,
            ClientTurns turns,
            Disconnects disconnects,
            Registry registry) {
        this.registry = registry;
        this.options = options;
        this.newCommands = newCommands;
        this.sessions = sessions;
        this.visits = visits;
        this.turns = turns;
        this.disconnects = disconnects;
        this.wills = new Wills(options.sessionPool().name(), options.unit());
        this.sessionPool = options.sessionPool().name();
    }

    Future<SessionFound> onConnected(ClientConnected event) {
        Visits.Visit visit = visits.begin(event.client(), event.epoch());
        if (visit == null) {
            return Future.failedFuture(outdated());
        }
        return turns.take(
                        event.client(),
                        () -> disconnects
                                .settle(event.client())
                                .compose(settled -> registry.enter(event.client(), event.epoch(), event.username()))
                                .compose(current ->
                                        current ? sessions.find(event.client()) : Future.failedFuture(outdated()))
                                .compose(found -> enter(event, visit, found)))
                .onFailure(failure -> visit.refused = true)
                .recover(Failures::toEvent);
    }

    private static EventFailedException outdated() {
        return new EventFailedException(EventFailure.REFUSED, "a newer connection of this client is known");
    }

    private Future<SessionFound> enter(ClientConnected event, Visits.Visit visit, StoredSession before) {
        EventCommands commands = newCommands.get();
        boolean present = !event.cleanStart() && before.isAlive(event.millis());
        visit.touched = true;
        visit.created = !present;
        if (present) {
            wills.cancel(before, commands);
        } else if (!before.fields().isEmpty()) {
            sessions.end(before, commands);
            wills.dueNow(before, event.millis(), commands);
        }
        wills.hold(event, commands);
        if (present || event.expirySeconds() > 0) {
            sessions.hold(event, present ? before : null, commands);
        }
        SubscriptionLookup lookup = new SubscriptionLookup(Keys.subscriptions(event.client()));
        MemoryLookup memory = new MemoryLookup(before);
        if (present) {
            memory.read(sessionPool, sessions.logPools(), commands);
        }
        runHooks(event, present, lookup, commands);
        return commands.done().compose(done -> answer(present, before, lookup, memory));
    }

    private void runHooks(ClientConnected event, boolean present, SubscriptionLookup lookup, EventCommands commands) {
        HookVariables values = HookVariables.ofClient(
                event.client(),
                Objects.requireNonNullElse(event.username(), ""),
                event.node(),
                options.unit().of(event.millis()));
        Set<String> lookedUp = new HashSet<>();
        runAll(Hook.CLIENT_CONNECTED, event, values, lookup, lookedUp, commands);
        if (!present) {
            runAll(Hook.SESSION_CREATED, event, values, lookup, lookedUp, commands);
        } else if (lookedUp.add(sessionPool)) {
            commands.readHash(sessionPool, "session", lookup.key(), lookup::read);
        }
    }

    private void runAll(
            Hook hook,
            ClientConnected event,
            HookVariables values,
            SubscriptionLookup lookup,
            Set<String> lookedUp,
            EventCommands commands) {
        for (HookEntry entry : options.hooks().entries(hook)) {
            if (entry.does(BackendFunction.ON_CLIENT_CONNECTED)) {
                writeOnline(entry, event, values.ts(), commands);
            } else if (entry.does(BackendFunction.ON_SUBSCRIBE_LOOKUP)) {
                if (lookedUp.add(entry.pool())) {
                    commands.readHash(entry.pool(), entry.path(), lookup.key(), lookup::read);
                }
            } else {
                commands.run(entry, values);
            }
        }
    }

    private static void writeOnline(HookEntry entry, ClientConnected event, long ts, EventCommands commands) {
        String client = Keys.client(event.client());
        String node = event.node().value();
        commands.add(
                entry.pool(),
                entry.path(),
                HSET,
                client,
                "state",
                1,
                "online_at",
                ts,
                "offline_at",
                "undefined",
                "node",
                node,
                "epoch",
                event.epoch());
        commands.add(entry.pool(), entry.path(), PERSIST, client); // it has an end only once it is offline
        commands.add(
                entry.pool(),
                entry.path(),
                HSET,
                Keys.node(event.node()),
                event.client().value(),
                ts);
    }

    private Future<SessionFound> answer(
            boolean present, StoredSession before, SubscriptionLookup lookup, MemoryLookup memory) {
        if (!present) {
            return Future.succeededFuture(new SessionFound(false, lookup.subscriptions()));
        }
        if (!lookup.hasRead()) { // damaged, and reported: the session's own record is the next best
            lookup.read(before.ownSubscriptions());
            return Future.succeededFuture(found(before, lookup, memory));
        }
        EventCommands commands = newCommands.get();
        for (String own : before.ownSubscriptions().keySet()) {
            if (!lookup.contains(own)) {
                sessions.disown(before.client(), own, commands);
            }
        }
        return commands.done().map(done -> found(before, lookup, memory));
    }

    private static SessionFound found(StoredSession before, SubscriptionLookup lookup, MemoryLookup memory) {
        List<Subscription> subscriptions = lookup.subscriptions().stream()
                .map(found -> new Subscription(found.filter(), found.qos(), before.optionsOf(found.filter())))
                .toList();
        return new SessionFound(true, subscriptions, before.starts(), memory.memory());
    }
}
