package io.redshank.connections;

import static io.redshank.connections.StoredSession.CAUGHT_UP;
import static io.redshank.connections.StoredSession.CONNECTED;
import static io.redshank.connections.StoredSession.CREATED_AT;
import static io.redshank.connections.StoredSession.DUE;
import static io.redshank.connections.StoredSession.EXPIRY;
import static io.redshank.connections.StoredSession.IN;
import static io.redshank.connections.StoredSession.NODE;
import static io.redshank.connections.StoredSession.OUT;
import static io.redshank.redis.Keys.SESSIONS_DUE;
import static io.vertx.redis.client.Command.DEL;
import static io.vertx.redis.client.Command.EXPIRE;
import static io.vertx.redis.client.Command.HDEL;
import static io.vertx.redis.client.Command.HEXISTS;
import static io.vertx.redis.client.Command.HGETALL;
import static io.vertx.redis.client.Command.HSET;
import static io.vertx.redis.client.Command.HSETNX;
import static io.vertx.redis.client.Command.PERSIST;
import static io.vertx.redis.client.Command.ZADD;
import static io.vertx.redis.client.Command.ZREM;

import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.SessionMemory;
import io.redshank.hooks.BackendOptions;
import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.SharedFilter;
import io.redshank.model.Subscription;
import io.redshank.model.SubscriptionOptions;
import io.redshank.model.TopicFilter;
import io.redshank.model.Underway;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.PoolConfig;
import io.redshank.redis.PresenceScripts;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.SessionFields;
import io.redshank.redis.ShareScripts;
import io.redshank.redis.TimestampUnit;
import io.redshank.redis.UnderwayText;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that outlive their connections, in one pool. What a session itself has subscribed to is in two places: in {@code
 * mqtt:sub}, which applications write too and which says what it is subscribed to, and in its own hash, which says what it
 * has to take with it when it ends.
 */
final class SessionStore {
    private static final Logger log = LoggerFactory.getLogger(SessionStore.class);
    private static final String PURPOSE = "session";
    /** MQTT's way to say that a session does not expire. */
    static final long NEVER = PresenceScripts.NEVER;
    /** The index ends a session; should the index be lost, this does, later. */
    static final long SPARE_SECONDS = SessionFields.SPARE_SECONDS;

    private final Exclusives exclusives;
    private final RedisLink link;
    private final String pool;
    private final TimestampUnit unit;
    private final long bodySeconds;
    private final List<String> logPools;

    SessionStore(RedisLinks links, BackendOptions options, Exclusives exclusives) {
        this.exclusives = exclusives;
        this.pool = options.sessionPool().name();
        this.link = links.to(pool);
        this.unit = options.unit();
        this.logPools = options.logPools().stream().map(PoolConfig::name).toList();
        this.bodySeconds = Math.max(1, options.bookmarkTtl().toSeconds());
    }

    /** The pools with logs of topics, where what clients send at QoS 2 is remembered. */
    List<String> logPools() {
        return logPools;
    }

    /** The exclusive subscriptions of sessions, and of connections without one. */
    Exclusives exclusives() {
        return exclusives;
    }

    /** What is kept of this client; empty if nothing. What is no hash is damaged, and makes room: the key is ours alone. */
    Future<StoredSession> find(ClientId client) {
        String key = Keys.session(client);
        return link.send(Request.cmd(HGETALL, key))
                .map(hash -> new StoredSession(client, hash == null ? Map.of() : Hashes.read(hash)))
                .recover(failure -> Failures.isUnavailable(failure)
                        ? Future.failedFuture(failure)
                        : discard(key, failure).map(new StoredSession(client, Map.of())));
    }

    private Future<?> discard(String key, Throwable failure) {
        log.warn("Session not readable, taken as none [key={}, error={}]", key, failure.getMessage());
        return String.valueOf(failure.getMessage()).startsWith("WRONGTYPE")
                ? link.send(Request.cmd(DEL, key))
                : Future.succeededFuture();
    }

    /** Ends a session: it takes along what it had subscribed to and read, and nothing that only an application wrote. */
    void end(StoredSession session, EventCommands commands) {
        forget(session, commands);
        commands.add(pool, PURPOSE, DEL, Keys.session(session.client()));
        commands.add(pool, PURPOSE, ZREM, SESSIONS_DUE, session.client().value());
    }

    /** The part of {@link #end} that may be done again by whoever finds the session's own hash still there. */
    void forget(StoredSession session, EventCommands commands) {
        Object[] own = session.ownSubscriptions().keySet().toArray();
        if (own.length > 0) {
            commands.add(pool, PURPOSE, HDEL, Keys.subscriptions(session.client()), own);
        }
        for (TopicFilter topics : session.ownExclusives()) {
            Request release = Exclusives.releasing(session.client(), topics);
            commands.add(pool, PURPOSE, Keys.exclusive(topics), release);
        }
        session.ownShares().forEach(filter -> leave(session.client(), filter, commands));
        for (TopicFilter topic : session.ownTopics()) {
            commands.add(pool, PURPOSE, DEL, Keys.acked(session.client(), topic.asTopic()));
        }
        forgetExchanges(session.client(), commands);
    }

    /** The session has no part in a shared subscription any more; what is kept of that goes with the last one. */
    void leave(ClientId client, SharedFilter filter, EventCommands commands) {
        commands.add(pool, PURPOSE, Keys.share(filter.whole()), ShareScripts.leave(filter, client));
    }

    private void forgetExchanges(ClientId client, EventCommands commands) {
        commands.add(pool, PURPOSE, DEL, Keys.inflight(client));
        for (String logPool : logPools) {
            commands.add(logPool, PURPOSE, DEL, Keys.received(client));
        }
    }

    /**
     * Writes that a connection holds the session from now on; it does not end as long as that is so.
     *
     * @param before the session that goes on; null if a new one begins
     */
    void hold(ClientConnected event, @Nullable StoredSession before, EventCommands commands) {
        String key = Keys.session(event.client());
        if (before == null) {
            forgetExchanges(event.client(), commands); // of a session whose own hash was lost
            commands.add(pool, PURPOSE, HSET, key, CREATED_AT, unit.of(event.millis()));
        } else if (before.isConnected()) {
            commands.add(pool, PURPOSE, HDEL, key, OUT, IN); // they are of a connection before the last one
        }
        String node = event.node().value();
        commands.add(pool, PURPOSE, HSET, key, EXPIRY, event.expirySeconds(), NODE, node, CONNECTED, event.millis());
        commands.add(pool, PURPOSE, HDEL, key, DUE);
        commands.add(pool, PURPOSE, PERSIST, key);
        commands.add(pool, PURPOSE, ZREM, SESSIONS_DUE, event.client().value());
    }

    /** Writes that the session has no connection, and when it ends. */
    void release(ClientDisconnected event, EventCommands commands) {
        String key = Keys.session(event.client());
        long expiry = event.expirySeconds();
        commands.add(pool, PURPOSE, HSET, key, CONNECTED, 0, EXPIRY, expiry);
        if (expiry < NEVER) {
            long due = event.millis() + TimeUnit.SECONDS.toMillis(expiry);
            commands.add(pool, PURPOSE, HSET, key, DUE, due);
            commands.add(pool, PURPOSE, EXPIRE, key, expiry + SPARE_SECONDS);
            commands.add(pool, PURPOSE, EXPIRE, Keys.inflight(event.client()), expiry + SPARE_SECONDS);
            commands.add(pool, PURPOSE, ZADD, SESSIONS_DUE, due, event.client().value());
        }
        SessionMemory memory = event.memory();
        if (memory != null) {
            remember(event, memory, commands);
        }
    }

    private void remember(ClientDisconnected event, SessionMemory memory, EventCommands commands) {
        String key = Keys.session(event.client());
        commands.add(pool, PURPOSE, HSET, key, CAUGHT_UP, memory.caughtUpMillis());
        List<Underway> atQos1 = memory.outbound().stream()
                .filter(one -> one.qos() != Qos.EXACTLY_ONCE) // the others are written already, by who sends them
                .toList();
        write(key, OUT, atQos1.isEmpty() ? "" : UnderwayText.write(atQos1), commands);
        write(
                key,
                IN,
                memory.inbound().stream()
                        .map(one -> String.valueOf(one.packetId()))
                        .collect(Collectors.joining(" ")),
                commands);
        for (Underway underway : memory.outbound()) {
            Message body = underway.body();
            if (body != null) {
                String stored = Keys.message(body.id());
                long seconds = Math.min(event.expirySeconds() + SPARE_SECONDS, bodySeconds);
                commands.add(
                        pool,
                        PURPOSE,
                        stored,
                        MessageHash.addFields(Request.cmd(HSET).arg(stored), body, unit));
                commands.add(pool, PURPOSE, EXPIRE, stored, seconds);
            }
        }
    }

    private void write(String key, String field, String text, EventCommands commands) {
        if (text.isEmpty()) {
            commands.add(pool, PURPOSE, HDEL, key, field);
        } else {
            commands.add(pool, PURPOSE, HSET, key, field, text);
        }
    }

    /** Writes a subscription that the client itself, or an application for it, has made. */
    void subscribe(ClientId client, Subscription subscription, EventCommands commands) {
        String filter = subscription.filter().value();
        int qos = subscription.qos().level();
        String key = Keys.session(client);
        // First its own hash: who clears up after an older session of this client sees there what must stay.
        commands.require(pool, PURPOSE, HSET, key, StoredSession.own(filter), qos);
        if (subscription.options().equals(SubscriptionOptions.DEFAULT)) {
            commands.add(pool, PURPOSE, HDEL, key, StoredSession.options(filter));
        } else {
            String options = OptionsText.write(subscription.options());
            commands.require(pool, PURPOSE, HSET, key, StoredSession.options(filter), options);
        }
        commands.require(pool, PURPOSE, HSET, Keys.subscriptions(client), filter, qos);
    }

    /** Writes from where on a subscription has to do with what is stored: with wildcards that is said when it begins anew only. */
    void start(ClientId client, TopicFilter filter, MessageId start, long millis, EventCommands commands) {
        String key = Keys.session(client);
        if (!filter.hasWildcard()) {
            commands.require(pool, PURPOSE, HSETNX, key, StoredSession.start(filter.value()), start.value());
            return;
        }
        commands.require(pool, PURPOSE, HSET, key, StoredSession.start(filter.value()), start.value());
        commands.require(pool, PURPOSE, HSETNX, key, CAUGHT_UP, millis);
    }

    /** Completes with whether the session holds this subscription as its own. */
    Future<Boolean> owns(ClientId client, TopicFilter filter) {
        return link.send(Request.cmd(HEXISTS, Keys.session(client), StoredSession.own(filter.value())))
                .map(reply -> reply != null && reply.toInteger() == 1);
    }

    /** Removes a subscription of the session's own. */
    void unsubscribe(ClientId client, TopicFilter filter, EventCommands commands) {
        commands.require(pool, PURPOSE, HDEL, Keys.subscriptions(client), filter.value());
        disown(client, filter.value(), commands);
    }

    /** Gives up the claim on a subscription that an application has removed. */
    void disown(ClientId client, String filter, EventCommands commands) {
        commands.add(
                pool,
                PURPOSE,
                HDEL,
                Keys.session(client),
                StoredSession.own(filter),
                StoredSession.options(filter),
                StoredSession.start(filter));
    }
}
