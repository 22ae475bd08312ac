package io.redshank.acks;

import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_KEEP_LATEST;
import static io.redshank.hooks.BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE;

import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.HookEntry;
import io.redshank.redis.Keys;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.Script;
import io.redshank.redis.TimestampUnit;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lots to one pool: one pipeline, cut only where raw commands come in between. What Redis refuses is logged and done with;
 * what it could not do now is left over.
 */
final class LotWriter {
    private static final Logger log = LoggerFactory.getLogger(LotWriter.class);
    private static final Script FORGET_LATEST = Script.ofResource(LotWriter.class, "forget_latest.lua");
    private static final Script ADVANCE = Script.ofResource(LotWriter.class, "advance.lua");
    /** What its link has to have loaded. */
    static final List<Script> SCRIPTS = List.of(FORGET_LATEST, ADVANCE);

    private final RedisLink link;
    private final CommandRunner runner;
    private final TimestampUnit unit;
    private final long bookmarkSeconds;
    private final List<HookEntry> leasing;

    LotWriter(RedisLink link, CommandRunner runner, BackendOptions options) {
        this.link = link;
        this.runner = runner;
        this.unit = options.unit();
        this.leasing = options.hooks().leasing();
        this.bookmarkSeconds = Math.max(1, options.bookmarkTtl().toSeconds());
    }

    String pool() {
        return link.pool().name();
    }

    /** Completes, when all is answered, with what is left to be done again, in order. Never fails because of Redis. */
    Future<Lot> write(Lot lot) {
        Writing writing = new Writing();
        for (Chore chore : lot.chores()) {
            if (chore.entry().action() instanceof CommandsAction) {
                writing.run(chore);
            } else {
                writing.function(chore);
            }
        }
        lot.bookmarks().forEach(writing::bookmark);
        return writing.done();
    }

    /** One lot on its way. */
    private final class Writing {
        private final List<Segment> segments = new ArrayList<>();
        private Segment open = new Segment();

        /** Raw commands are not collected: who runs them reports them. */
        void run(Chore chore) {
            close();
            Segment alone = new Segment();
            alone.outcome = runner.run(chore.entry(), chore.variables(unit))
                    .map(new Lot(List.of(), Map.of()))
                    .otherwise(new Lot(List.of(chore), Map.of()));
            segments.add(alone);
        }

        void function(Chore chore) {
            if (chore.entry().does(ON_MESSAGE_ACKED_FOR_QUEUE)) {
                String body = Keys.message(chore.message());
                open.add(chore, body, Request.cmd(Command.DEL, body));
                String topicLog = Keys.log(chore.topic());
                open.add(
                        chore,
                        topicLog,
                        Request.cmd(Command.ZREM, topicLog, chore.message().value()));
                if (isLeased(chore)) {
                    String leases = Keys.lease(chore.topic());
                    open.add(
                            chore,
                            leases,
                            Request.cmd(Command.HDEL, leases, chore.message().value()));
                }
            } else if (chore.entry().does(ON_MESSAGE_ACKED_FOR_KEEP_LATEST)) {
                String latest = Keys.latest(chore.topic());
                open.add(
                        chore,
                        latest,
                        FORGET_LATEST.call(latest, chore.message().value()));
            }
        }

        private boolean isLeased(Chore chore) {
            return leasing.stream().anyMatch(entry -> entry.appliesTo(chore.topic()));
        }

        void bookmark(String key, Place place) {
            String id = place.id().value();
            Request move = place.forwardOnly()
                    ? ADVANCE.call(key, id, bookmarkSeconds)
                    : Request.cmd(Command.SET, key, id, "EX", bookmarkSeconds);
            open.add(new Moved(key, place), key, move);
        }

        Future<Lot> done() {
            close();
            List<Future<Lot>> outcomes = segments.stream().map(s -> s.outcome).toList();
            return Future.join(outcomes).map(all -> merged(outcomes));
        }

        private void close() {
            if (!open.requests.isEmpty()) {
                Segment closed = open;
                closed.outcome = link.stages(List.of(closed.requests))
                        .map(closed::judge)
                        .otherwise(unavailable -> closed.everything());
                segments.add(closed);
                open = new Segment();
            }
        }
    }

    /** A bookmark and its place. */
    private record Moved(String key, Place place) {}

    /** Commands that go in one pipeline, and whose each one is: a {@link Chore} or a {@link Moved}. */
    private static final class Segment {
        private final List<Request> requests = new ArrayList<>();
        private final List<Object> owners = new ArrayList<>();
        private final List<String> keys = new ArrayList<>();
        private Future<Lot> outcome = Future.succeededFuture(new Lot(List.of(), Map.of()));

        void add(Object owner, String key, Request request) {
            requests.add(request);
            owners.add(owner);
            keys.add(key);
        }

        Lot everything() {
            Leftovers left = new Leftovers();
            owners.forEach(left::add);
            return left.lot();
        }

        Lot judge(PipelineReplies replies) {
            Leftovers left = new Leftovers();
            for (int i = 0; !replies.allSucceeded() && i < replies.size(); i++) {
                RedisFailure failure = replies.failure(i);
                if (failure == null) {
                    continue;
                }
                if (failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                    left.add(owners.get(i));
                } else {
                    log.warn(
                            "Redis command failed [for={}, command={}, key={}, error={}]",
                            owners.get(i) instanceof Chore chore ? chore.entry().path() : "bookmark",
                            requests.get(i).command(),
                            keys.get(i),
                            failure.getMessage());
                }
            }
            return left.lot();
        }
    }

    /** What is to be done again; a chore of two commands once. */
    private static final class Leftovers {
        private final List<Chore> chores = new ArrayList<>();
        private final Map<String, Place> bookmarks = new LinkedHashMap<>();

        void add(Object owner) {
            if (owner instanceof Moved moved) {
                bookmarks.put(moved.key(), moved.place());
            } else if (owner instanceof Chore chore && (chores.isEmpty() || chores.get(chores.size() - 1) != chore)) {
                chores.add(chore);
            }
        }

        Lot lot() {
            return new Lot(chores, bookmarks);
        }
    }

    private static Lot merged(List<Future<Lot>> outcomes) {
        Leftovers left = new Leftovers();
        for (Future<Lot> outcome : outcomes) {
            outcome.result().chores().forEach(left::add);
            outcome.result().bookmarks().forEach((key, place) -> left.add(new Moved(key, place)));
        }
        return left.lot();
    }
}
