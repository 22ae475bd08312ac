package io.redshank.admin;

import io.redshank.hooks.BackendOptions;
import io.redshank.redis.KeyKind;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Finds what live state does not explain, and mends it if asked to. For one use, on the context of the links.
 *
 * <p>Nodes go on working meanwhile: what is wrong at one look and right a second later was on its way, and is not reported. Each
 * mend is safe on its own, so that the whole may be broken off at any time.
 */
public final class Doctor {
    /*
     * What is kept in memory: a page of keys or members, and a bounded number of suspicions that wait for their second look. A log
     * or a list of clients is walked when its key is met, before the walk over the keys goes on.
     */
    private static final int SUSPICIONS_AT_ONCE = 500;

    /** What links have to have loaded for this, and for the other commands of operators. */
    public static final List<Script> SCRIPTS = Mends.SCRIPTS;

    /** How long the second look waits, pauses between steps, and how long a node has to be absent, in milliseconds. */
    public record Pace(long secondLookMillis, long pauseMillis, long absentMillis) {
        /** For a server that has other things to do: times are kept in seconds, and longer than one apart these differ. */
        public static final Pace ORDINARY = new Pace(1_500, 10, 10_000);
    }

    private final Estate estate;
    private final Steps steps;
    private final boolean repair;
    private final BiConsumer<Finding, Finding.State> onFinding;
    private final Examination examination;
    private final Nodes nodes;
    private final Counts counts = new Counts();

    /** One that reports to the consumer as it goes; the links are to all pools of the options, with {@link #SCRIPTS}. */
    public Doctor(
            Vertx vertx,
            BackendOptions options,
            RedisLinks links,
            boolean repair,
            Pace pace,
            BiConsumer<Finding, Finding.State> onFinding) {
        this.estate = new Estate(options, links);
        this.steps = new Steps(vertx, pace.pauseMillis());
        this.nodes = new Nodes(estate.sessions(), steps, pace.absentMillis());
        this.repair = repair;
        this.onFinding = onFinding;
        this.examination = new Examination(steps, pace.secondLookMillis(), SUSPICIONS_AT_ONCE, this::onConfirmed);
    }

    /** Walks over everything; completes with what was counted. */
    public Future<Counts> examine() {
        return nodes.anyRuns(estate.node())
                .compose(nodeRuns -> {
                    Sweeping sweeping = new Sweeping(estate, nodeRuns);
                    return Steps.each(
                            estate.databases(),
                            database -> examine(new Looks(estate, database, nodes, sweeping, counts)));
                })
                .compose(walked -> examination.settle())
                .map(counts);
    }

    private Future<Void> examine(Looks looks) {
        return Walk.overKeys(steps, looks.link(), KeyKind.PATTERN_OF_ALL, keys -> onKeys(looks, keys))
                .compose(walked -> Steps.each(
                        looks.indexes(), index -> overMembers(looks, Command.ZSCAN, index.key(), index.look())));
    }

    private Future<Void> onKeys(Looks looks, List<Subject> keys) {
        List<Subject> ours =
                keys.stream().filter(key -> KeyKind.of(key.key()) != null).toList();
        counts.looked(ours.size());
        KeysLook look = looks.ofKeys();
        return look.known(ours)
                .compose(known -> look.check(known)
                        .compose(suspicions -> examination.suspect(look, suspicions))
                        .compose(noted -> inside(looks, known)));
    }

    /** The members of those keys that are lists of something. */
    private Future<Void> inside(Looks looks, List<KeyCheck.Known> keys) {
        return Steps.each(keys, key -> {
            Looks.Members members = looks.in(key);
            return members == null
                    ? Future.succeededFuture()
                    : overMembers(looks, members.scan(), key.key(), members.look());
        });
    }

    private Future<Void> overMembers(Looks looks, Command scan, String key, Look look) {
        return Walk.overMembers(
                steps,
                looks.link(),
                scan,
                key,
                members -> look.at(members).compose(suspicions -> examination.suspect(look, suspicions)));
    }

    private Future<Void> onConfirmed(Suspicion wrong) {
        Supplier<Future<Boolean>> mend = wrong.mend();
        if (mend == null || !repair) {
            tell(wrong.finding(), mend == null ? Finding.State.BY_HAND : Finding.State.FOUND);
            return Future.succeededFuture();
        }
        return mend.get()
                .recover(failure -> isRefused(failure) ? Future.succeededFuture(false) : Future.failedFuture(failure))
                .onSuccess(mended -> tell(wrong.finding(), mended ? Finding.State.MENDED : Finding.State.CHANGED))
                .mapEmpty();
    }

    private void tell(Finding finding, Finding.State state) {
        counts.add(finding, state);
        onFinding.accept(finding, state);
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof RedisFailure known && known.kind() == RedisFailure.Kind.REJECTED;
    }
}
