package io.redshank.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool, as one user of it sees it: one pipelined connection, which comes back by itself; or, to a Redis Cluster, one to each master.
 * Confined to the context that opened it: there its futures complete, in the order of the calls. Calls from elsewhere are carried over.
 *
 * <p>While there is no connection, or when it ends before the reply, commands fail with {@link RedisFailure.Kind#UNAVAILABLE};
 * the link keeps none for later. Whether such a command was executed is not known.
 */
public final class RedisLink {
    private final PoolConfig pool;
    private final Way way;
    private final HomeThread home;
    private final NodeLease lease;
    private final LeaseWait leaseWait;

    private RedisLink(PoolConfig pool, Way way, HomeThread home, NodeLease lease, LeaseWait leaseWait) {
        this.pool = pool;
        this.way = way;
        this.home = home;
        this.lease = lease;
        this.leaseWait = leaseWait;
    }

    /** A link that connects from now on until it is closed, and has these scripts loaded whenever it is up. */
    public static RedisLink open(Vertx vertx, PoolConfig pool, List<Script> scripts) {
        return open(vertx, pool, scripts, NodeLease.UNLIMITED);
    }

    /** The same for what writes only as long as its node has this lease; without it, the link is as if there were no connection. */
    public static RedisLink open(Vertx vertx, PoolConfig pool, List<Script> scripts, NodeLease lease) {
        if (pool.type() == PoolType.CLUSTER) {
            return open(vertx, pool, new ClusterWay(vertx, pool, scripts, lease), vertx.getOrCreateContext(), lease);
        }
        OneServer server = new OneServer(vertx, pool, scripts, lease, () -> {});
        return open(vertx, pool, server, server.context(), lease);
    }

    private static RedisLink open(Vertx vertx, PoolConfig pool, Way way, Context context, NodeLease lease) {
        RedisLink link = new RedisLink(pool, way, new HomeThread(context), lease, new LeaseWait(vertx, lease));
        context.runOnContext(started -> way.start());
        return link;
    }

    /** The pool it leads to. */
    public PoolConfig pool() {
        return pool;
    }

    /** Whether there is a connection now, as far as we know. May be asked from any thread. */
    public boolean isUp() {
        return way.isUp() && lease.mayWrite();
    }

    /** Completes when connected, now or at the next connect; fails only when the link is closed. */
    public Future<Void> up() {
        return home.call(() -> way.up().compose(connected -> leaseWait.valid()));
    }

    /** One command. Fails with a {@link RedisFailure}. */
    public Future<@Nullable Response> send(Request request) {
        return home.call(() -> underLease(() -> way.send(request)));
    }

    /**
     * These commands, executed in their order, without a foreign one of this link between those for one server. A command that fails
     * touches no other one; the whole fails only as {@link RedisFailure.Kind#UNAVAILABLE}, when the connection is not there or ends.
     *
     * <p>One write, if there is one server. On a cluster, what is for another slot waits for the replies before it: where order matters
     * less, {@link #stages} costs less.
     */
    public Future<PipelineReplies> pipeline(List<Request> requests) {
        return home.call(() -> underLease(() -> way.inOrder(requests, false)));
    }

    /**
     * The same as {@link #pipeline}, except that replies are never hidden; costs a write for each command.
     */
    public Future<PipelineReplies> oneByOne(List<Request> requests) {
        return home.call(() -> underLease(() -> way.inOrder(requests, true)));
    }

    /**
     * The same as {@link #pipeline} for commands of which only some have to wait for others: those of one stage are executed before any
     * of the next, and in their order if they are for the same key. Replies are numbered through.
     */
    public Future<PipelineReplies> stages(List<List<Request>> stages) {
        return home.call(() -> underLease(() -> way.stages(stages, false)));
    }

    /** Commands that only read, in no order, with all replies. */
    public Future<PipelineReplies> readAll(List<Request> reads) {
        return stages(List.of(reads))
                .compose(replies ->
                        replies.repliesHidden() ? stagesOneByOne(List.of(reads)) : Future.succeededFuture(replies));
    }

    /** The same as {@link #stages}, except that replies are never hidden; costs a write for each command. */
    public Future<PipelineReplies> stagesOneByOne(List<List<Request>> stages) {
        return home.call(() -> underLease(() -> way.stages(stages, true)));
    }

    /**
     * A link to each server of the pool that has keys of its own, for commands that concern a server and no key; of a cluster, those that
     * are known just now. They are part of this one, and end with it.
     */
    public Future<List<RedisLink>> servers() {
        return home.call(() -> way.isUp()
                ? Future.succeededFuture(way.servers().stream()
                        .map(server -> new RedisLink(pool, server, home, lease, leaseWait))
                        .toList())
                : Future.failedFuture(RedisFailure.linkDown("not connected to Redis pool " + pool.name())));
    }

    /** Ends the connection and all attempts; what is in flight fails. */
    public Future<Void> close() {
        return home.call(() -> {
            way.close();
            leaseWait.close();
            return Future.succeededFuture();
        });
    }

    /** What is written when the lease has just lapsed waits for the next beat; what is written when that is over, fails. */
    private <T> Future<T> underLease(Supplier<Future<T>> write) {
        if (!lease.mayWrite()) {
            return Future.failedFuture(
                    RedisFailure.linkDown("this node has not been heard of in Redis for too long to write to it"));
        }
        return way.isUp() && leaseWait.isNeeded() ? leaseWait.valid().compose(valid -> write.get()) : write.get();
    }
}
