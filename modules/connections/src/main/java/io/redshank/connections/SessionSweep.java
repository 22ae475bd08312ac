package io.redshank.connections;

import static io.vertx.redis.client.Command.HSETNX;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import io.redshank.redis.DueIndex;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the sessions that are past due. Any number of nodes may sweep at once. Confined to one context. */
final class SessionSweep {
    /*
     * Why a client that comes back in this very moment keeps what it has. Its connect sees by the session's own hash that it is
     * past due, ends it as we do, and writes a new one. The order of our steps is: forget what the old one had subscribed to,
     * then delete the hash, if it still is the old one. If it is not, some of the new one's subscriptions may be among those
     * just forgotten. They are in the new hash, because that is written first, so they can be put back from there.
     */
    private static final Logger log = LoggerFactory.getLogger(SessionSweep.class);
    private static final Script DROP_SESSION = Script.ofResource(SessionSweep.class, "drop_session.lua");
    /** What its link has to have loaded, beside the scripts of its index. */
    static final List<Script> SCRIPTS = List.of(DROP_SESSION);

    private static final DueIndex DUE = new DueIndex(Keys.SESSIONS_DUE);

    private static final int PAGE = 100;
    private static final long LEASE_MILLIS = TimeUnit.MINUTES.toMillis(2);
    private static final long FIRST_MILLIS = 500;

    private final Vertx vertx;
    private final Supplier<EventCommands> newCommands;
    private final SessionStore sessions;
    private final RedisLink link;
    private final long intervalMillis;
    private boolean closed;
    private long expired;

    SessionSweep(
            Vertx vertx,
            Supplier<EventCommands> newCommands,
            SessionStore sessions,
            RedisLink link,
            long intervalMillis) {
        this.vertx = vertx;
        this.newCommands = newCommands;
        this.sessions = sessions;
        this.link = link;
        this.intervalMillis = intervalMillis;
    }

    /** Begins soon, and goes on until closed. */
    void open() {
        sweepAfter(Math.min(FIRST_MILLIS, intervalMillis));
    }

    void close() {
        closed = true;
    }

    /** How many sessions have ended here because their time was over. */
    long expired() {
        return expired;
    }

    private void sweepAfter(long millis) {
        if (!closed) {
            vertx.setTimer(
                    millis,
                    due -> sweep().onFailure(failure ->
                                    log.debug("Sweep of sessions broken off [cause={}]", failure.getMessage()))
                            .onComplete(swept -> sweepAfter(intervalMillis)));
        }
    }

    private Future<Void> sweep() {
        long now = System.currentTimeMillis();
        long lease = now + LEASE_MILLIS;
        return DUE.take(link, now, lease, PAGE).compose(taken -> {
            List<Future<Void>> ended = new ArrayList<>();
            for (String client : taken.members()) {
                ended.add(end(client, now)
                        .compose(done -> link.send(DUE.remove(client, lease)))
                        .mapEmpty());
            }
            Future<Void> all = Future.join(ended).mapEmpty();
            return ended.size() < PAGE || closed ? all : all.compose(done -> sweep());
        });
    }

    private Future<Void> end(String id, long now) {
        ClientId client;
        try {
            client = new ClientId(id);
        } catch (MalformedMqttException damaged) {
            return Future.succeededFuture(); // not of ours: it leaves the index and that is all
        }
        return sessions.find(client).compose(session -> {
            if (session.fields().isEmpty() || session.isConnected() || session.dueMillis() > now) {
                return Future.succeededFuture();
            }
            EventCommands commands = newCommands.get();
            sessions.forget(session, commands);
            return commands.done()
                    .compose(forgotten -> link.send(DROP_SESSION.call(Keys.session(client), now)))
                    .compose(dropped -> dropped != null && dropped.toInteger() == 1 ? ended(client) : putBack(client));
        });
    }

    private Future<Void> ended(ClientId client) {
        expired++;
        log.debug("Session has expired [client={}]", client);
        return Future.succeededFuture();
    }

    private Future<Void> putBack(ClientId client) {
        String key = Keys.subscriptions(client);
        return sessions.find(client).compose(alive -> {
            EventCommands commands = newCommands.get();
            alive.ownSubscriptions()
                    .forEach((filter, qos) ->
                            commands.add(link.pool().name(), "session sweep", HSETNX, key, filter, qos));
            for (TopicFilter topics : alive.ownExclusives()) {
                Request claim = Exclusives.claiming(client, topics, 0); // its connection says for how long
                commands.add(link.pool().name(), "session sweep", Keys.exclusive(topics), claim);
            }
            return commands.done();
        });
    }
}
