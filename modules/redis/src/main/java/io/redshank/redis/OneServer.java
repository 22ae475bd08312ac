package io.redshank.redis;

import io.vertx.core.Context;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One pipelined connection to one server, which comes back by itself, and has its scripts loaded whenever it is up. */
final class OneServer implements Way {
    private static final Logger log = LoggerFactory.getLogger(OneServer.class);
    private static final String INVALID = "Command is not valid";

    private final PoolConfig pool;
    private final List<Script> scripts;
    private final Redialer redialer;
    private final Owed owed;
    private final NodeLease lease;
    private final Runnable onLost;
    private boolean reloading;

    /**
     * A way to the server, or the master, that this pool leads to.
     *
     * @param onLost runs when a connection that was up is no more
     */
    OneServer(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease, Runnable onLost) {
        this.pool = pool;
        this.scripts = List.copyOf(scripts);
        this.lease = lease;
        this.onLost = onLost;
        this.redialer = new Redialer(vertx, pool, this::load, this::onLost);
        this.owed = new Owed(vertx, pool.queryTimeout().toMillis(), this::onOverdue);
    }

    Context context() {
        return redialer.context();
    }

    @Override
    public void start() {
        redialer.start();
    }

    @Override
    public boolean isUp() {
        return redialer.connection() != null;
    }

    @Override
    public Future<Void> up() {
        return redialer.up();
    }

    @Override
    public List<Way> servers() {
        return List.of(this);
    }

    @Override
    public void close() {
        redialer.close();
    }

    /** Ends it for good, because another server does what this one did. */
    void retire() {
        redialer.retire();
    }

    @Override
    public Future<@Nullable Response> send(Request request) {
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

    /** One connection keeps all in order anyway. */
    @Override
    public Future<PipelineReplies> stages(List<List<Request>> stages, boolean oneByOne) {
        List<Request> all = new ArrayList<>();
        stages.forEach(all::addAll);
        return inOrder(all, oneByOne);
    }

    @Override
    public Future<PipelineReplies> inOrder(List<Request> requests, boolean oneByOne) {
        return oneByOne ? oneByOne(requests) : pipeline(requests);
    }

    private Future<PipelineReplies> pipeline(List<Request> requests) {
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
            oneByOne(requests).onComplete(entry::complete, entry::fail);
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

    private Future<PipelineReplies> oneByOne(List<Request> requests) {
        List<Future<@Nullable Response>> sent = new ArrayList<>(requests.size());
        for (Request request : requests) {
            sent.add(send(request));
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
        onLost.run(); // before those are told who will try again
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

    RedisFailure notConnected() {
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
