package io.redshank.connections;

import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.model.ClientId;
import io.redshank.redis.Keys;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Registration;
import io.redshank.redis.RegistrationScripts;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends what a dead node has left of a connection: the client is written offline, its session let go, so that it ends when it is due,
 * and the commands of {@code client.disconnected} are run. Any number of nodes may try at once; one does. Confined to the context
 * of its link.
 */
final class DeadConnections {
    /** Longer than a node that has begun may write without being heard of. */
    private static final long ALONE_MILLIS = 10_000;

    private static final long EVER_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final String PURPOSE = "end of a dead node's connection";
    private static final int DONE_ALREADY = 0;
    private static final int FIRST = 1;
    private static final int BUSY = 3;

    static final List<Script> SCRIPTS = List.of(PresenceScripts.RELEASE);

    private final BackendOptions options;
    private final Supplier<EventCommands> newCommands;
    private final RedisLink link;
    private final Registry registry;

    /** Sessions and client ids are in the pool of this link. */
    DeadConnections(BackendOptions options, Supplier<EventCommands> newCommands, RedisLink link, Registry registry) {
        this.options = options;
        this.newCommands = newCommands;
        this.link = link;
        this.registry = registry;
    }

    /** Ends it; answers false if somebody else is at it, or was until recently, so that it may not be done yet. */
    Future<Boolean> end(ClientId client, Registration.Holder connection) {
        return link.send(RegistrationScripts.beginEnd(client, connection.epoch(), ALONE_MILLIS))
                .compose(begun -> {
                    int outcome = begun == null ? DONE_ALREADY : begun.get(0).toInteger();
                    if (outcome == DONE_ALREADY || outcome == BUSY) {
                        return Future.succeededFuture(outcome == DONE_ALREADY);
                    }
                    Response user = begun == null || begun.size() < 2 ? null : begun.get(1);
                    // Commands are run once: one who began before may have run them.
                    return write(client, connection, outcome == FIRST && user != null ? user.toString() : null)
                            .compose(written -> registry.release(client, connection.epoch(), connection.node()))
                            .map(true);
                });
    }

    private Future<Void> write(ClientId client, Registration.Holder connection, @Nullable String user) {
        long now = System.currentTimeMillis();
        EventCommands commands = newCommands.get();
        options.hooks().entries(Hook.CLIENT_CONNECTED, BackendFunction.ON_CLIENT_CONNECTED).stream()
                .map(HookEntry::pool)
                .distinct()
                .forEach(pool -> writeOffline(pool, client, connection, now, commands));
        if (user != null) {
            HookVariables values = HookVariables.ofClient(
                    client, user, connection.node(), options.unit().of(now));
            for (HookEntry entry : options.hooks().entries(Hook.CLIENT_DISCONNECTED)) {
                commands.tryRun(entry, values);
            }
        }
        return Future.all(commands.done(), letSessionGo(client, connection, now))
                .mapEmpty();
    }

    private void writeOffline(
            String pool, ClientId client, Registration.Holder connection, long now, EventCommands commands) {
        long ttl = options.presenceTtl().toSeconds();
        Request offline = RegistrationScripts.leftOnline(
                client, connection.epoch(), options.unit().of(now), ttl);
        commands.add(pool, PURPOSE, Keys.client(client), offline);
        commands.add(pool, PURPOSE, Command.HDEL, Keys.node(connection.node()), client.value());
    }

    private Future<Void> letSessionGo(ClientId client, Registration.Holder connection, long now) {
        return link.send(PresenceScripts.RELEASE.call(
                        Keys.session(client),
                        connection.node(),
                        now + EVER_MILLIS,
                        now,
                        SessionStore.NEVER,
                        SessionStore.SPARE_SECONDS))
                .compose(due -> due == null
                        ? Future.succeededFuture()
                        : link.send(Request.cmd(Command.ZADD, Keys.SESSIONS_DUE, due.toString(), client.value())))
                .mapEmpty();
    }
}
