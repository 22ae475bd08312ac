package io.redshank.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipelined connection to one pool, which comes back by itself. Confined to the context that opened it: there its futures
 * complete, in the order of the calls. Calls from elsewhere are carried over.
 *
 * <p>While there is no connection, or when it ends before the reply, commands fail with {@link RedisFailure.Kind#UNAVAILABLE};
 * the link keeps none for later. Whether such a command was executed is not known.
 */
public final class RedisLink {
    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);
    private static final String INVALID = "Command is not valid";

    private final PoolConfig pool;
    private final List<Script> scripts;
    private final Redialer redialer;
    private final HomeThread home;
    private final Owed owed;
    private final NodeLease lease;
    private final LeaseWait leaseWait;
    private boolean reloading;

    private RedisLink(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease) {
        this.lease = lease;
        this.leaseWait = new LeaseWait(vertx, lease);
        this.pool = pool;
        this.scripts = List.copyOf(scripts);
        this.redialer = new Redialer(vertx, pool, this::load, this::onLost);
        this.home = new HomeThread(redialer.context());
        this.owed = new Owed(vertx, pool.queryTimeout().toMillis(), this::onOverdue);
    }

    /** A link that connects from now on until it is closed, and has these scripts loaded whenever it is up. */
    public static RedisLink open(Vertx vertx, PoolConfig pool, List<Script> scripts) {
        return open(vertx, pool, scripts, NodeLease.UNLIMITED);
    }

    /** The same for what writes only as long as its node has this lease; without it, the link is as if there were no connection. */
    public static RedisLink open(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease) {
        RedisLink link = new RedisLink(vertx, pool, scripts, lease);
        link.redialer.start();
        return link;
    }

    /** The pool it leads to. */
    public PoolConfig pool() {
        return pool;
    }

    /** Whether there is a connection now, as far as we know. May be asked from any thread. */
    public boolean isUp() {
        return redialer.connection() != null && lease.mayWrite();
    }

    /** Completes when connected, now or at the next connect; fails only when the link is closed. */
    public Future<Void> up() {
        return home.call(() -> redialer.up().compose(connected -> leaseWait.valid()));
    }

    /** One command. Fails with a {@link RedisFailure}. */
    public Future<@Nullable Response> send(Request request) {
        return home.call(() -> sendHere(request));
    }

    /**
     * These commands in one write, executed in their order and without a foreign one of this link between them. A command that
     * fails touches no other one; the whole fails only as {@link RedisFailure.Kind#UNAVAILABLE}, when the connection is not
     * there or ends.
     */
    public Future<PipelineReplies> pipeline(List<Request> requests) {
        return home.call(() -> pipelineHere(requests));
    }

    /**
     * The same as {@link #pipeline}, except that replies are never hidden; costs a write for each command.
     */
    public Future<PipelineReplies> oneByOne(List<Request> requests) {
        return home.call(() -> oneByOneHere(requests));
    }

    /** Ends the connection and all attempts; what is in flight fails. */
    public Future<Void> close() {
        return home.call(() -> {
            redialer.close();
            leaseWait.close();
            return Future.succeededFuture();
        });
    }

    /** What is written when the lease has just lapsed waits for the next beat; what is written when that is over, fails. */
    private <T> Future<T> underLease(Supplier<Future<T>> write) {
        if (redialer.connection() == null || !lease.mayWrite()) {
            return Future.failedFuture(notConnected());
        }
        return leaseWait.isNeeded() ? leaseWait.valid().compose(valid -> write.get()) : write.get();
    }

    private Future<@Nullable Response> sendHere(Request request) {
        return underLease(() -> sendNow(request));
    }

    private Future<@Nullable Response> sendNow(Request request) {
        RedisConnection connection = redialer.connection();
        if (connection == null || !lease.isValid()) {
            return Future.failedFuture(notConnected());
        }
        Owed.Entry<@Nullable Response> entry = owed.add();
        connection
                .send(request)
                .onComplete(entry::complete, cause -> entry.fail(failureOf(connection, request, cause)));
        return entry.promise().future();
    }

    private Future<PipelineReplies> pipelineHere(List<Request> requests) {
        return underLease(() -> pipelineNow(requests));
    }

    private Future<PipelineReplies> pipelineNow(List<Request> requests) {
        RedisConnection connection = redialer.connection();
        if (connection == null || !lease.isValid()) {
            return Future.failedFuture(notConnected());
        }
        Owed.Entry<PipelineReplies> entry = owed.add();
        connection
                .batch(requests)
                .onComplete(
                        replies -> entry.complete(PipelineReplies.of(replies, Map.of())),
                        cause -> onBatchFailed(connection, requests, cause, entry));
        return entry.promise().future();
    }

    private void onBatchFailed(
            RedisConnection connection, List<Request> requests, Throwable cause, Owed.Entry<PipelineReplies> entry) {
        String message = String.valueOf(cause.getMessage());
        if (message.startsWith(INVALID)) {
            // The client found a command with too few arguments before it wrote any: only that one must fail.
            oneByOneHere(requests).onComplete(entry::complete, entry::fail);
            return;
        }
        Map<Integer, RedisFailure> failures = cause instanceof Response ? BatchErrors.read(message) : null;
        if (failures == null) {
            entry.fail(ended(connection, cause));
            return;
        }
        failures.values().forEach(failure -> actOn(connection, failure));
        entry.complete(PipelineReplies.hidden(requests.size(), failures));
    }

    private Future<PipelineReplies> oneByOneHere(List<Request> requests) {
        List<Future<@Nullable Response>> sent = new ArrayList<>(requests.size());
        for (Request request : requests) {
            sent.add(sendHere(request));
        }
        return Future.join(sent).transform(joined -> collect(sent));
    }

    private static Future<PipelineReplies> collect(List<Future<@Nullable Response>> sent) {
        List<@Nullable Response> replies = new ArrayList<>(sent.size());
        Map<Integer, RedisFailure> failures = new HashMap<>();
        for (int i = 0; i < sent.size(); i++) {
            if (sent.get(i).cause() instanceof RedisFailure failure) {
                if (failure.isLinkDown()) {
                    return Future.failedFuture(failure);
                }
                failures.put(i, failure);
            }
            replies.add(sent.get(i).result());
        }
        return Future.succeededFuture(PipelineReplies.of(replies, failures));
    }

    private RedisFailure failureOf(RedisConnection connection, Request request, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.startsWith(INVALID)) { // the rest of it quotes the arguments
            return RedisFailure.rejected("ERR wrong number of arguments for '" + request.command() + "' command");
        }
        if (!(cause instanceof Response) || message.equals("CONNECTION_CLOSED")) {
            return ended(connection, cause);
        }
        RedisFailure failure = RedisFailure.ofReply(message);
        actOn(connection, failure);
        return failure;
    }

    /** What a reply says about the connection as a whole. */
    private void actOn(RedisConnection connection, RedisFailure failure) {
        if (failure.hasCode("READONLY") || failure.hasCode("NOAUTH")) {
            // The master has become a replica, or wants a login: a new connection finds the right one and logs in.
            redialer.giveUp(connection, failure);
        } else if (failure.hasCode("NOSCRIPT") && !reloading) {
            reloading = true;
            load(connection)
                    .onFailure(notLoaded -> redialer.giveUp(
                            connection, RedisFailure.linkDown("scripts not loaded: " + notLoaded.getMessage())))
                    .onComplete(done -> reloading = false);
        }
    }

    private Future<Void> load(RedisConnection connection) {
        String name = lease.connectionName();
        if (name != null) { // if it is not allowed, the lease alone has to do
            connection
                    .send(Request.cmd(Command.CLIENT).arg("SETNAME").arg(name))
                    .onFailure(refused -> log.debug("Connection not named [cause={}]", refused.getMessage()));
        }
        if (scripts.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection.batch(scripts.stream().map(Script::load).toList()).mapEmpty();
    }

    private void onLost(RedisFailure why) {
        reloading = false;
        owed.failAll(connectionLost());
    }

    /** A reply that comes after we stopped waiting must not be taken for the next command's, so the connection goes with it. */
    private void onOverdue() {
        RedisConnection connection = redialer.connection();
        if (connection != null) {
            redialer.giveUp(
                    connection,
                    RedisFailure.linkDown(
                            "no reply within " + pool.queryTimeout().toMillis() + " ms"));
        }
    }

    private RedisFailure notConnected() {
        return RedisFailure.linkDown(
                lease.isValid()
                        ? "not connected to Redis pool " + pool.name()
                        : "this node has not been heard of in Redis for too long to write to it");
    }

    /**
     * The client fails what a connection owes before it tells that the connection has ended. Who is told of his failure and tries again
     * at once must not find the link up: he would be failed again at once, and so on for ever.
     */
    private RedisFailure ended(RedisConnection connection, Throwable cause) {
        String why = cause instanceof Response ? "Redis closed the connection" : String.valueOf(cause);
        redialer.giveUp(connection, RedisFailure.linkDown(why));
        return connectionLost();
    }

    private RedisFailure connectionLost() {
        return RedisFailure.linkDown("connection to Redis pool " + pool.name() + " ended before the reply");
    }
}
