package io.redshank.connections;

import io.redshank.events.LiveTopology;
import io.redshank.hooks.BackendOptions;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeRun;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows in Redis that this run of the node lives, by a beat each second, and renews the node's lease. One for each node, deployed
 * before all that writes and undeployed after it.
 */
public final class BeatsVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(BeatsVerticle.class);
    private static final long BEAT_MILLIS = 500;
    private static final long FIRST_WITHIN_MILLIS = 5_000;
    private static final int DECLARED_DEAD = 0;

    private final BackendOptions options;
    private final LiveTopology topology;
    private final Runnable onDeclaredDead;
    private final Promise<Void> firstBeat = Promise.promise();
    private @Nullable RedisLink link;
    private @Nullable NodeRun run;
    private boolean begun;
    private boolean refusalSaid;
    private boolean stopped;
    private long timer = -1;

    /** Runs the action, once and on an event loop, if other nodes have declared this run dead: it cannot go on then. */
    public BeatsVerticle(BackendOptions options, LiveTopology topology, Runnable onDeclaredDead) {
        this.options = options;
        this.topology = topology;
        this.onDeclaredDead = onDeclaredDead;
    }

    /** Completes with the first beat, or when that takes longer than a start should wait. */
    @Override
    public Future<?> start() {
        RedisLink opened = RedisLink.open(vertx, options.sessionPool(), NodeBeats.SCRIPTS);
        link = opened;
        NodeRun self = new NodeRun(options.node(), topology.now().self().incarnation());
        run = self;
        opened.up().onSuccess(up -> beat(opened, self));
        return firstBeat
                .future()
                .timeout(FIRST_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .transform(waited -> Future.succeededFuture());
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        RedisLink opened = link;
        NodeRun ended = run;
        if (opened == null || ended == null) {
            return Future.succeededFuture();
        }
        return opened.send(NodeBeats.leave(ended)).transform(left -> opened.close());
    }

    private void beat(RedisLink opened, NodeRun self) {
        if (stopped) {
            return;
        }
        long sentNanos = System.nanoTime();
        long sentMillis = System.currentTimeMillis();
        timer = vertx.setTimer(BEAT_MILLIS, due -> beat(opened, self));
        opened.send(NodeBeats.beat(self, !begun))
                .onSuccess(reply -> {
                    if (reply != null && reply.toInteger() == DECLARED_DEAD) {
                        onDead(self);
                    } else if (!stopped) {
                        begun = true;
                        options.lease().renew(sentNanos, sentMillis);
                        firstBeat.tryComplete();
                    }
                })
                .onFailure(this::onUnanswered);
    }

    private void onUnanswered(Throwable failure) {
        options.lease().missed();
        boolean refused = failure instanceof RedisFailure known && known.kind() == RedisFailure.Kind.REJECTED;
        if (refused && !refusalSaid) {
            refusalSaid = true;
            log.error(
                    "Redis refuses the node's beats, without which it writes nothing [cause={}]", failure.getMessage());
        }
        log.debug("Beat not answered [cause={}]", failure.getMessage());
    }

    private void onDead(NodeRun self) {
        if (!stopped) {
            stopped = true;
            vertx.cancelTimer(timer);
            options.lease().end();
            log.error("Other nodes have declared this one dead, and cleared up after it [run={}]", self.incarnation());
            onDeclaredDead.run();
        }
    }
}
