package io.redshank.connections;

import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeLease;
import io.redshank.redis.NodeRun;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Registration;
import io.redshank.redis.RegistrationScripts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for nodes that are not heard of any more, and clears up what they have left: connections and wills. One node at a time has a
 * dead one to clear up; if it dies over it, the next goes on. Confined to one context.
 */
final class DeadNodes {
    private static final Logger log = LoggerFactory.getLogger(DeadNodes.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final long LEASE_MILLIS = 15_000;
    private static final int CLIENTS_PER_STEP = 250;

    private final Vertx vertx;
    private final RedisLink link;
    private final NodeLease lease;
    private final NodeRun self;
    private final Registry registry;
    private final DeadConnections connections;
    private long timer = -1;
    private boolean closed;

    DeadNodes(
            Vertx vertx,
            RedisLink link,
            NodeLease lease,
            NodeRun self,
            Registry registry,
            DeadConnections connections) {
        this.vertx = vertx;
        this.link = link;
        this.lease = lease;
        this.self = self;
        this.registry = registry;
        this.connections = connections;
    }

    /** Looks at once, also for what former runs of this node have left and nobody has cleared up, and then regularly. */
    void open() {
        link.up()
                .compose(up -> clearConnections(
                        self.node(),
                        run -> run.node().equals(self.node()) && run.incarnation() < self.incarnation(),
                        new Progress(null)))
                .onFailure(failure -> log.debug(
                        "What former runs of this node have left is not cleared up [cause={}]", failure.getMessage()))
                .onComplete(done -> look());
    }

    void close() {
        closed = true;
        vertx.cancelTimer(timer);
    }

    private void look() {
        if (closed) {
            return;
        }
        boolean steady = lease.isSteady();
        (steady ? NodeBeats.hasten(link) : Future.<Void>succeededFuture())
                .compose(hastened -> NodeBeats.take(link, LEASE_MILLIS, steady))
                .compose(taken -> Future.join(taken.stream().map(this::clearUp).toList()))
                .onFailure(failure -> log.debug("Dead nodes not cleared up [cause={}]", failure.getMessage()))
                .onComplete(looked -> {
                    if (!closed) {
                        timer = vertx.setTimer(LOOK_MILLIS, due -> look());
                    }
                });
    }

    private Future<Void> clearUp(NodeBeats.Taken taken) {
        NodeRun run = taken.run();
        log.info("Node is dead, clearing up what it has left [node={}, run={}]", run.node(), run.incarnation());
        Progress progress = new Progress(taken);
        return registry.cutOff(run)
                .compose(severed -> sinceWhen(run))
                .compose(since -> new FormerWills(vertx, link, run.node(), since).leaveAll())
                .compose(left -> clearConnections(run.node(), run::equals, progress))
                .compose(done ->
                        progress.isComplete() ? NodeBeats.done(link, progress.taken()) : Future.succeededFuture())
                .onSuccess(done -> log.info(
                        "Cleared up after a dead node [node={}, run={}, connections={}, complete={}]",
                        run.node(),
                        run.incarnation(),
                        progress.ended,
                        progress.isComplete()))
                .mapEmpty();
    }

    /** Up to when what the node has written is of that run: a later run of the node may have begun. */
    private Future<Long> sinceWhen(NodeRun run) {
        return NodeBeats.alive(link)
                .map(alive -> alive.stream()
                        .filter(other -> other.node().equals(run.node()) && other.incarnation() > run.incarnation())
                        .mapToLong(other -> TimeUnit.MICROSECONDS.toMillis(other.incarnation()))
                        .min()
                        .orElse(System.currentTimeMillis()));
    }

    private Future<Void> clearConnections(NodeName node, Predicate<NodeRun> dead, Progress progress) {
        return step(node, dead, progress, "0");
    }

    private Future<Void> step(NodeName node, Predicate<NodeRun> dead, Progress progress, String cursor) {
        if (closed) {
            progress.busy = true;
            return Future.succeededFuture();
        }
        return link.send(Request.cmd(
                        Command.HSCAN, Keys.connections(node), cursor, "COUNT", Integer.toString(CLIENTS_PER_STEP)))
                .compose(page -> page == null
                        ? Future.succeededFuture("0")
                        : clearPage(node, page.get(1), dead, progress)
                                .map(page.get(0).toString()))
                .compose(next -> progress.goOn(link).map(next))
                .compose(next -> next.equals("0") ? Future.succeededFuture() : step(node, dead, progress, next));
    }

    private Future<?> clearPage(NodeName node, Response entries, Predicate<NodeRun> dead, Progress progress) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i + 1 < entries.size(); i += 2) {
            String epoch = entries.get(i + 1).toString();
            ClientId client = clientOrNull(entries.get(i).toString());
            if (client != null) {
                all.add(registry.find(client).compose(known -> clear(node, client, epoch, known, dead, progress)));
            }
        }
        return Future.all(all);
    }

    private Future<?> clear(
            NodeName node,
            ClientId client,
            String epoch,
            Registration known,
            Predicate<NodeRun> dead,
            Progress progress) {
        List<Registration.Holder> left = known.where(dead);
        if (left.isEmpty()) {
            return known.where(run -> run.node().equals(node)).isEmpty()
                    ? link.send(RegistrationScripts.forget(node, client, epoch))
                    : Future.succeededFuture();
        }
        return Future.all(left.stream()
                .map(one -> connections.end(client, one).onSuccess(progress::count))
                .toList());
    }

    private static @Nullable ClientId clientOrNull(String id) {
        try {
            return new ClientId(id);
        } catch (MalformedMqttException notAClient) {
            return null;
        }
    }

    /** How far one clearing up has come. */
    private static final class Progress {
        private NodeBeats.@Nullable Taken taken;
        private long keptNanos = System.nanoTime();
        private long ended;
        private boolean busy;

        Progress(NodeBeats.@Nullable Taken taken) {
            this.taken = taken;
        }

        void count(boolean done) {
            if (done) {
                ended++;
            } else {
                busy = true; // another one is at it, and may die over it: to be looked at again
            }
        }

        boolean isComplete() {
            return !busy && taken != null;
        }

        NodeBeats.Taken taken() {
            NodeBeats.Taken still = taken;
            if (still == null) {
                throw new IllegalStateException("not taken");
            }
            return still;
        }

        /** Keeps what was taken; fails if another node has it by now. */
        Future<Void> goOn(RedisLink link) {
            NodeBeats.Taken now = taken;
            if (now == null || TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - keptNanos) < LEASE_MILLIS / 5) {
                return Future.succeededFuture();
            }
            keptNanos = System.nanoTime();
            return NodeBeats.keep(link, now, LEASE_MILLIS).compose(kept -> {
                taken = kept;
                return kept == null
                        ? Future.failedFuture(
                                "another node clears up after " + now.run().node())
                        : Future.succeededFuture();
            });
        }
    }
}
