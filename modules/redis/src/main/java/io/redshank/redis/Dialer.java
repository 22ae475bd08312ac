package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes connections to a pool's server, each with a client of its own. Behind sentinels, these are asked each time which server
 * is the master, and the server is asked whether it agrees. Confined to one context.
 *
 * <p>The sentinel mode of the Redis client is not used: it offers the pool's ACL user to the sentinels, which do not know him,
 * remembers the old master for a while, and moves connections without telling their owner.
 */
final class Dialer {
    /** How many replies one connection may owe. The client allots this many places at once. */
    private static final int MAX_WAITING = 1 << 18;

    private static final long MIN_TIMEOUT_MILLIS = 1_000;
    private static final long MAX_TIMEOUT_MILLIS = 5_000;

    private final Vertx vertx;
    private final PoolConfig pool;
    private int turn;

    Dialer(Vertx vertx, PoolConfig pool) {
        this.vertx = vertx;
        this.pool = pool;
    }

    /** How long a connect, or a step of it, may take. */
    long timeoutMillis() {
        return Math.max(
                MIN_TIMEOUT_MILLIS,
                Math.min(MAX_TIMEOUT_MILLIS, pool.queryTimeout().toMillis()));
    }

    /** The address in messages about attempts. */
    String where() {
        return pool.type() == PoolType.SENTINEL
                ? pool.masterName() + " of " + pool.servers()
                : pool.servers().toString();
    }

    /** A new connection on which the server has answered. Tries one server, or one sentinel, per call, in turn. */
    Future<Dialed> dial() {
        RedisAddress next = pool.servers().get(turn);
        turn = (turn + 1) % pool.servers().size();
        return switch (pool.type()) {
            case SINGLE -> connect(next);
            case SENTINEL -> masterKnownTo(next).compose(this::connect);
            case CLUSTER -> slotsKnownTo(next).compose(slots -> connect(anyOf(slots.masters())));
        };
    }

    private Future<Dialed> connect(RedisAddress server) {
        Redis client =
                Redis.createClient(vertx, credentials(options(server.uri(isEncrypted()) + "/" + pool.database())));
        return using(client, connection -> verify(connection).map(verified -> new Dialed(client, connection, server)));
    }

    /** Which master has which slot, as the next of the servers says. */
    Future<SlotMap> slots() {
        RedisAddress next = pool.servers().get(turn);
        turn = (turn + 1) % pool.servers().size();
        return slotsKnownTo(next);
    }

    private Future<SlotMap> slotsKnownTo(RedisAddress server) {
        return connect(server)
                .compose(dialed -> dialed.connection()
                        .send(Request.cmd(Command.CLUSTER).arg("SLOTS"))
                        .map(reply -> SlotMap.read(reply, server))
                        .timeout(timeoutMillis(), TimeUnit.MILLISECONDS)
                        .onComplete(done -> dialed.close()));
    }

    /** What is said on a channel is heard at each of them. One that is dead may still be among them, so it is another one each time. */
    private RedisAddress anyOf(List<RedisAddress> masters) {
        if (masters.isEmpty()) {
            throw RedisFailure.linkDown("no server of the cluster has a slot");
        }
        return masters.get(ThreadLocalRandom.current().nextInt(masters.size()));
    }

    /** What the sentinel says; the next attempt asks the next sentinel. */
    private Future<RedisAddress> masterKnownTo(RedisAddress sentinel) {
        Redis client = Redis.createClient(vertx, options(sentinel.uri(isEncrypted())));
        return using(client, connection -> askForMaster(connection).recover(failure -> afterLogin(connection, failure)))
                .onSuccess(master -> Dialed.close(client));
    }

    private Future<RedisAddress> askForMaster(RedisConnection sentinel) {
        Request question =
                Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(masterName());
        return sentinel.send(question).map(this::master);
    }

    /** A sentinel that wants a password is offered that of the pool; most want none. */
    private Future<RedisAddress> afterLogin(RedisConnection sentinel, Throwable failure) {
        String password = pool.password();
        if (password == null || !String.valueOf(failure.getMessage()).startsWith("NOAUTH")) {
            return Future.failedFuture(failure);
        }
        return sentinel.send(Request.cmd(Command.AUTH).arg(password)).compose(ok -> askForMaster(sentinel));
    }

    private RedisAddress master(Response reply) {
        if (reply == null || reply.size() < 2) {
            throw RedisFailure.linkDown("sentinel does not know a master named " + masterName());
        }
        return new RedisAddress(reply.get(0).toString(), reply.get(1).toInteger());
    }

    /** Connects, and closes the client if that or the next step fails or takes too long. */
    private <T> Future<T> using(Redis client, Function<RedisConnection, Future<T>> next) {
        return client.connect()
                .compose(next)
                .timeout(timeoutMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> Dialed.close(client));
    }

    private Future<Void> verify(RedisConnection connection) {
        if (pool.type() == PoolType.SENTINEL) {
            return connection.send(Request.cmd(Command.ROLE)).map(this::checkMaster);
        }
        return connection
                .send(Request.cmd(Command.PING))
                .recover(Dialer::acceptNoPermission)
                .mapEmpty();
    }

    private Void checkMaster(Response role) {
        String name = role.get(0).toString();
        if (!name.equals("master")) {
            throw RedisFailure.linkDown("the master that the sentinel names is a " + name + " (yet)");
        }
        return null;
    }

    /** An ACL user who may not PING has been answered all the same. */
    private static Future<Response> acceptNoPermission(Throwable failure) {
        boolean answered = String.valueOf(failure.getMessage()).startsWith("NOPERM");
        return answered ? Future.succeededFuture() : Future.failedFuture(failure);
    }

    private String masterName() {
        return String.valueOf(pool.masterName());
    }

    private RedisOptions options(String uri) {
        return new RedisOptions()
                .setConnectionString(uri)
                .setMaxPoolSize(1)
                .setPoolCleanerInterval(-1)
                .setMaxWaitingHandlers(MAX_WAITING)
                .setNetClientOptions(netOptions());
    }

    private NetClientOptions netOptions() {
        NetClientOptions options = new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout((int) timeoutMillis());
        RedisTls tls = pool.tls();
        return tls == null ? options : tls.applyTo(options);
    }

    private boolean isEncrypted() {
        return pool.tls() != null;
    }

    /** Never part of the URI, where they would have to be escaped and might be logged. */
    private RedisOptions credentials(RedisOptions options) {
        return options.setPassword(pool.password()).setUser(pool.username());
    }
}
