package io.redshank.connections;

import static io.vertx.redis.client.Command.HDEL;

import io.redshank.events.Answer;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.LastWill;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.RegistrationScripts;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Lets clients go: writes who is offline, and whether the session stays. What finds Redis away is kept and done later, because a
 * client must not stay online for ever; it is answered at once, since nobody can do more about it.
 */
final class Disconnects {
    private final BackendOptions options;
    private final Supplier<EventCommands> newCommands;
    private final SessionStore sessions;
    private final Visits visits;
    private final ClientTurns turns;
    private final KeptDisconnects kept;
    private final Wills wills;
    private final Registry registry;

    Disconnects(
            BackendOptions options,
            Supplier<EventCommands> newCommands,
            SessionStore sessions,
            Visits visits,
            ClientTurns turns,
            KeptDisconnects kept,
            Registry registry) {
        this.registry = registry;
        this.options = options;
        this.newCommands = newCommands;
        this.sessions = sessions;
        this.visits = visits;
        this.turns = turns;
        this.kept = kept;
        this.wills = new Wills(options.sessionPool().name(), options.unit());
        kept.retryBy(this::retry);
    }

    Future<Answer> onDisconnected(ClientDisconnected event) {
        Departure departure = new Departure(event, visits.find(event.client(), event.epoch()));
        return turns.take(
                        event.client(),
                        () -> settle(event.client())
                                .compose(settled -> leave(departure))
                                .recover(failure -> keep(departure, failure)))
                .onSuccess(done -> visits.end(event.client(), event.epoch()))
                .map(Answer.DONE)
                .recover(Failures::toEvent);
    }

    /** Does what is kept for this client, before anything newer is done. Only in the client's turn. */
    Future<Void> settle(ClientId client) {
        Departure earlier = kept.find(client);
        return earlier == null ? Future.succeededFuture() : leave(earlier).onSuccess(done -> kept.remove(earlier));
    }

    /** The same, in the client's turn. */
    Future<Void> retry(ClientId client) {
        return turns.take(client, () -> settle(client));
    }

    private Future<Void> keep(Departure departure, Throwable failure) {
        if (!Failures.isUnavailable(failure)) {
            return Future.failedFuture(failure);
        }
        kept.add(departure);
        return Future.succeededFuture();
    }

    /**
     * Writes the end, and lets go of the client id then: so what is written of the next connection, on whatever node, comes behind it.
     * Of a connection that has let go already, as when this comes twice, nothing is written over a newer one.
     */
    private Future<Void> leave(Departure departure) {
        ClientDisconnected event = departure.event();
        return registry.find(event.client())
                .compose(known -> known.isPast(event.epoch()) ? Future.succeededFuture() : write(departure))
                .compose(written -> registry.release(event.client(), event.epoch(), event.node()));
    }

    private Future<Void> write(Departure departure) {
        ClientDisconnected event = departure.event();
        if (departure.endsSession()) {
            return sessions.find(event.client()).compose(found -> leaveForGood(event, found));
        }
        EventCommands commands = newCommands.get();
        wills.letGo(event, commands);
        if (departure.touchesSession()) {
            sessions.release(event, commands);
            LastWill will = event.will();
            if (will != null) {
                wills.leave(event, will, commands);
            }
        }
        sessions.exclusives().leave(event.client(), event.expirySeconds(), commands);
        runHooks(event, commands);
        return commands.done();
    }

    private Future<Void> leaveForGood(ClientDisconnected event, StoredSession session) {
        EventCommands commands = newCommands.get();
        wills.letGo(event, commands);
        if (!session.fields().isEmpty()) {
            sessions.end(session, commands);
        }
        sessions.exclusives().leave(event.client(), 0, commands);
        runHooks(event, commands);
        return commands.done();
    }

    private void runHooks(ClientDisconnected event, EventCommands commands) {
        long ts = options.unit().of(event.millis());
        HookVariables values = HookVariables.ofClient(
                event.client(), Objects.requireNonNullElse(event.username(), ""), event.node(), ts);
        for (HookEntry entry : options.hooks().entries(Hook.CLIENT_DISCONNECTED)) {
            if (entry.does(BackendFunction.ON_CLIENT_DISCONNECTED)) {
                writeOffline(entry, event, ts, commands);
            } else {
                commands.run(entry, values);
            }
        }
    }

    private void writeOffline(HookEntry entry, ClientDisconnected event, long ts, EventCommands commands) {
        String pool = entry.pool();
        String client = Keys.client(event.client());
        long ttl = options.presenceTtl().toSeconds();
        commands.add(pool, entry.path(), client, RegistrationScripts.offline(event.client(), event.epoch(), ts, ttl));
        commands.add(
                pool,
                entry.path(),
                HDEL,
                Keys.node(event.node()),
                event.client().value());
    }
}
