package io.redshank.connections;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exclusive subscriptions: who has each is written in Redis, so that one client at a time has it, over all nodes. A client without
 * a persisting session has it for a minute at a time, which is prolonged while it is connected; one with such a session keeps it
 * as long as the session. Confined to one context.
 */
final class Exclusives {
    /** Claims for ARGV[1], for ARGV[2] seconds, or for good if that is 0; answers 0 if another one has it. */
    private static final Script CLAIM = new Script("exclusive-claim", """
            local owner = redis.call('GET', KEYS[1])
            if owner and owner ~= ARGV[1] then
              return 0
            end
            redis.call('SET', KEYS[1], ARGV[1])
            if ARGV[2] ~= '0' then
              redis.call('EXPIRE', KEYS[1], ARGV[2])
            end
            return 1
            """);

    private static final Script RELEASE = new Script(
            "exclusive-release",
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0");

    /** What its link has to have loaded. */
    static final List<Script> SCRIPTS = List.of(CLAIM, RELEASE);

    private static final Logger log = LoggerFactory.getLogger(Exclusives.class);
    private static final long VOLATILE_SECONDS = 60;
    /** How often claims are prolonged: a few times while one of a client without a session lasts. */
    static final long PROLONG_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private static final int AT_ONCE = 500;
    private static final long FOR_GOOD = 0;

    private final Vertx vertx;
    private final RedisLink link;
    private final long prolongMillis;
    /** What connected clients have, and for how many seconds at a time. */
    private final Map<ClientId, Map<TopicFilter, Long>> held = new HashMap<>();

    private long timer = -1;

    Exclusives(Vertx vertx, RedisLink link, long prolongMillis) {
        this.vertx = vertx;
        this.link = link;
        this.prolongMillis = prolongMillis;
    }

    /** Begins to prolong what connected clients have, until closed. */
    void open() {
        timer = vertx.setPeriodic(prolongMillis, due -> prolong());
    }

    void close() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    /** Claims a filter for a client; fails as {@link EventFailure#TAKEN} if another one has it. */
    Future<Void> claim(ClientId client, TopicFilter filter, boolean persists) {
        return secondsFor(client, persists).compose(seconds -> {
            // Noted before it is known: should the answer be lost, it is given back all the same when the client goes.
            held.computeIfAbsent(client, first -> new HashMap<>()).put(filter, seconds);
            return link.send(claiming(client, filter, seconds)).compose(claimed -> {
                if (claimed != null && claimed.toInteger() == 1) {
                    return Future.succeededFuture();
                }
                forget(client, filter);
                return Future.failedFuture(
                        new EventFailedException(EventFailure.TAKEN, "another client has it: " + filter));
            });
        });
    }

    /** The client has given a filter up. */
    void release(ClientId client, TopicFilter filter, EventCommands commands) {
        forget(client, filter);
        commands.add(link.pool().name(), "exclusive", Keys.exclusive(filter), releasing(client, filter));
    }

    /** The client is gone, and its session kept for so many seconds from now; 0 if it has none. */
    void leave(ClientId client, long sessionSeconds, EventCommands commands) {
        Map<TopicFilter, Long> filters = held.remove(client);
        if (filters == null) {
            return;
        }
        for (TopicFilter filter : filters.keySet()) {
            Request request = sessionSeconds == 0
                    ? releasing(client, filter)
                    : claiming(client, filter, secondsOf(sessionSeconds));
            commands.add(link.pool().name(), "exclusive", Keys.exclusive(filter), request);
        }
    }

    /** The command that gives a filter back, if the client has it. */
    static Request releasing(ClientId client, TopicFilter filter) {
        return RELEASE.call(Keys.exclusive(filter), client.value());
    }

    /** The command that claims a filter, or prolongs a claim, for so many seconds, 0 for good; answers 1 if the client has it. */
    static Request claiming(ClientId client, TopicFilter filter, long seconds) {
        return CLAIM.call(Keys.exclusive(filter), client.value(), seconds);
    }

    /** For how long a claim counts, of a session that is kept so long without a connection. */
    static long secondsOf(long sessionSeconds) {
        return sessionSeconds >= SessionStore.NEVER ? FOR_GOOD : sessionSeconds + SessionStore.SPARE_SECONDS;
    }

    private Future<Long> secondsFor(ClientId client, boolean persists) {
        if (!persists) {
            return Future.succeededFuture(VOLATILE_SECONDS);
        }
        return link.send(Request.cmd(Command.HGET, Keys.session(client), StoredSession.EXPIRY))
                .map(expiry -> expiry == null ? FOR_GOOD : secondsOf(Long.parseLong(expiry.toString())));
    }

    private void forget(ClientId client, TopicFilter filter) {
        held.computeIfPresent(client, (id, filters) -> {
            filters.remove(filter);
            return filters.isEmpty() ? null : filters;
        });
    }

    private void prolong() {
        List<Claim> claims = new ArrayList<>();
        held.forEach((client, filters) ->
                filters.forEach((filter, seconds) -> claims.add(new Claim(client, filter, seconds))));
        for (int from = 0; from < claims.size(); from += AT_ONCE) {
            prolong(claims.subList(from, Math.min(from + AT_ONCE, claims.size())));
        }
    }

    private void prolong(List<Claim> claims) {
        link.pipeline(claims.stream()
                        .map(claim -> claiming(claim.client(), claim.filter(), claim.seconds()))
                        .toList())
                .onSuccess(replies -> {
                    for (int i = 0; i < claims.size(); i++) {
                        warnIfLost(claims.get(i), replies.reply(i));
                    }
                })
                .onFailure(
                        failure -> log.debug("Exclusive subscriptions not prolonged [cause={}]", failure.getMessage()));
    }

    /** Redis was away for longer than a claim lasts, and another client was quicker. */
    private static void warnIfLost(Claim claim, @Nullable Response prolonged) {
        if (prolonged != null && prolonged.toInteger() == 0) {
            log.warn(
                    "Exclusive subscription is another client's now, too [client={}, filter={}]",
                    claim.client(),
                    claim.filter());
        }
    }

    /** What a client has, and for how long at a time. */
    private record Claim(ClientId client, TopicFilter filter, long seconds) {}
}
