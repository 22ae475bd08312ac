package io.redshank.connections;

import io.redshank.hooks.CommandRunner;
import io.redshank.hooks.CommandsAction;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.HookVariables;
import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of one event, in order: one pipeline for each pool, cut only where raw commands come in between. A command that
 * Redis refuses is logged and touches nothing else. For one use, on the context of the links.
 */
final class EventCommands {
    private static final Logger log = LoggerFactory.getLogger(EventCommands.class);

    private final RedisLinks links;
    private final CommandRunner runner;
    private final Map<String, List<Step>> unsent = new LinkedHashMap<>();
    private final List<Future<Void>> sent = new ArrayList<>();

    /** One command; what it is for and its key are for the log. */
    private record Step(
            Request request,
            String purpose,
            String key,
            boolean required,
            @Nullable Consumer<Response> reader) {}

    EventCommands(RedisLinks links, CommandRunner runner) {
        this.links = links;
        this.runner = runner;
    }

    /** A command whose refusal by Redis is only reported. */
    void add(String pool, String purpose, Command command, String key, Object... arguments) {
        add(pool, new Step(request(command, key, arguments), purpose, key, false, null));
    }

    /** The same, for a command that is made already. */
    void add(String pool, String purpose, String key, Request command) {
        add(pool, new Step(command, purpose, key, false, null));
    }

    /** A command without which the event is not done. */
    void require(String pool, String purpose, Command command, String key, Object... arguments) {
        add(pool, new Step(request(command, key, arguments), purpose, key, true, null));
    }

    /** A hash to be read; the reader is not called if Redis refuses, and what it gets may be newer than this place in order. */
    void readHash(String pool, String purpose, String key, Consumer<Map<String, String>> reader) {
        Consumer<Response> converter = hgetall -> reader.accept(Hashes.read(hgetall));
        add(pool, new Step(Request.cmd(Command.HGETALL, key), purpose, key, false, converter));
    }

    /** The raw commands of an entry; nothing, if it has none. */
    void run(HookEntry entry, HookVariables values) {
        if (entry.action() instanceof CommandsAction) {
            send(entry.pool());
            sent.add(runner.run(entry, values));
        }
    }

    /**
     * The same, for events that must not fail because a pool of raw commands is away: that is reported, as any failure of such
     * a command.
     */
    void tryRun(HookEntry entry, HookVariables values) {
        if (entry.action() instanceof CommandsAction) {
            send(entry.pool());
            sent.add(runner.run(entry, values).otherwise(failure -> {
                log.warn("Commands of a hook not run [entry={}, cause={}]", entry.path(), failure.getMessage());
                return null;
            }));
        }
    }

    /** Sends what is left; completes when all is answered, and fails with the {@link RedisFailure} of a required command. */
    Future<Void> done() {
        List.copyOf(unsent.keySet()).forEach(this::send);
        return Future.join(sent).mapEmpty();
    }

    private void add(String pool, Step step) {
        unsent.computeIfAbsent(pool, first -> new ArrayList<>()).add(step);
    }

    private void send(String pool) {
        List<Step> steps = unsent.remove(pool);
        if (steps != null) {
            RedisLink link = links.to(pool);
            sent.add(link.pipeline(requests(steps)).compose(replies -> settle(link, steps, replies)));
        }
    }

    private static Future<Void> settle(RedisLink link, List<Step> steps, PipelineReplies replies) {
        RedisFailure worst = null;
        for (int i = 0; i < steps.size(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure != null) {
                worst = worse(worst, report(steps.get(i), failure));
            }
        }
        return worst == null ? read(link, steps, replies) : Future.failedFuture(worst);
    }

    /** Null if the failure is done with, once reported. */
    private static @Nullable RedisFailure report(Step step, RedisFailure failure) {
        if (failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
            return failure;
        }
        log.warn(
                "Redis command failed [for={}, command={}, key={}, error={}]",
                step.purpose(),
                step.request().command(),
                step.key(),
                failure.getMessage());
        return step.required() ? failure : null;
    }

    /** What can be tried again outweighs what cannot: the event is to come again then. */
    private static @Nullable RedisFailure worse(@Nullable RedisFailure one, @Nullable RedisFailure other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.kind() == RedisFailure.Kind.UNAVAILABLE ? one : other;
    }

    private static Future<Void> read(RedisLink link, List<Step> steps, PipelineReplies replies) {
        if (!replies.repliesHidden()) {
            handOver(steps, replies);
            return Future.succeededFuture();
        }
        List<Step> again = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).reader() != null && replies.failure(i) == null) {
                again.add(steps.get(i));
            }
        }
        if (again.isEmpty()) {
            return Future.succeededFuture();
        }
        return link.oneByOne(requests(again))
                .onSuccess(known -> handOver(again, known))
                .mapEmpty();
    }

    private static void handOver(List<Step> steps, PipelineReplies replies) {
        for (int i = 0; i < steps.size(); i++) {
            Consumer<Response> reader = steps.get(i).reader();
            Response reply = replies.reply(i);
            if (reader != null && reply != null) {
                reader.accept(reply);
            }
        }
    }

    private static Request request(Command command, String key, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = key;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Request.cmd(command, all);
    }

    private static List<Request> requests(List<Step> steps) {
        return steps.stream().map(Step::request).toList();
    }
}
