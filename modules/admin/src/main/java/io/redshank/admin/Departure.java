package io.redshank.admin;

import io.redshank.redis.Keys;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeRun;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A run of a node on its way out, as Redis knows it: looked at again and again until it has left, or will not. Confined to one context. */
final class Departure {
    private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What is waited for.
     *
     * @param redisEndsToo whether a Redis that is away has ended with the node
     */
    record Terms(Duration within, boolean redisEndsToo) {}

    private final RedisLink link;
    private final NodeRun run;
    private final Terms terms;
    private final Consumer<Statement> out;
    private final long begun = System.nanoTime();
    private long said = begun;
    private long clients = -1;
    private @Nullable String failure;

    /** One that begins now, and says so. */
    Departure(RedisLink link, NodeRun run, Terms terms, Consumer<Statement> out) {
        this.link = link;
        this.run = run;
        this.terms = terms;
        this.out = out;
        out.accept(Statement.of("leaving", "node " + run.node() + " is told to leave")
                .with("node", run.node().value()));
    }

    /** What has kept the node from leaving; null if it has left, or may yet. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Answers whether to look again. */
    Future<Boolean> look() {
        return NodeBeats.presence(link, run)
                .compose(presence -> presence == NodeBeats.Presence.THERE
                        ? countClients()
                        : Future.succeededFuture(isNotOver(presence)))
                .recover(away -> Future.succeededFuture(isNotOverWithoutRedis()));
    }

    private Future<Boolean> countClients() {
        Request count = Request.cmd(Command.HLEN).arg(Keys.connections(run.node()));
        return Replies.to(List.of(count), link).map(replies -> {
            Long left = replies.number(0);
            saySometimes(left == null ? 0 : left);
            return isInTime();
        });
    }

    private boolean isNotOver(NodeBeats.Presence presence) {
        if (presence == NodeBeats.Presence.LEFT) {
            sayLeft();
        } else if (presence == NodeBeats.Presence.SILENT) {
            failure = "node " + run.node() + " does not answer: no sign of life for "
                    + TimeUnit.MILLISECONDS.toSeconds(NodeBeats.BEAT_COUNTS_MILLIS) + " s";
        } else {
            failure = "node " + run.node() + " died before it had left; other nodes clear up after it";
        }
        return false;
    }

    private boolean isNotOverWithoutRedis() {
        if (terms.redisEndsToo()) {
            sayLeft();
            return false;
        }
        return isInTime();
    }

    private boolean isInTime() {
        boolean inTime = System.nanoTime() - begun < terms.within().toNanos();
        if (!inTime) {
            failure = "node " + run.node() + " has not left within "
                    + terms.within().toSeconds() + " s" + (clients > 0 ? ", " + clients + " clients are left" : "");
        }
        return inTime;
    }

    private void sayLeft() {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        out.accept(Statement.of("left", "node " + run.node() + " has left after " + millis + " ms")
                .with("node", run.node().value())
                .with("millis", millis));
    }

    private void saySometimes(long left) {
        long now = System.nanoTime();
        if (left != clients && now - said >= SAY_NANOS) {
            said = now;
            out.accept(Statement.of("clients", left + " are left").with("clients", left));
        }
        clients = left;
    }
}
