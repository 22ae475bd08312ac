package io.redshank.hooks;

import io.redshank.redis.PipelineReplies;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the raw commands of hook entries, each on the link of its entry's pool. A command that Redis refuses is logged, counted,
 * and touches nothing else. Confined to the context of its links.
 *
 * <p>A list of commands goes out in one write, which keeps its order: what the two forms of the configuration differ in matters
 * only where the keys of one list live on several servers.
 */
public final class CommandRunner {
    private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);

    private final Map<String, RedisLink> links;
    private final CommandFailures failures;

    /**
     * A runner for one verticle.
     *
     * @param links by the name of their pool; one for each pool that an entry with commands names
     */
    public CommandRunner(Map<String, RedisLink> links, CommandFailures failures) {
        this.links = Map.copyOf(links);
        this.failures = failures;
    }

    /**
     * Runs the commands of those of the entries that have some, one entry after the other without waiting in between. Fails,
     * when all have been answered, with the {@linkplain RedisFailure.Kind#UNAVAILABLE unavailable} failure of one that may not
     * have been executed; refused commands do not make it fail.
     */
    public Future<Void> runAll(List<HookEntry> entries, HookVariables values) {
        List<Future<Void>> running = new ArrayList<>(entries.size());
        for (HookEntry entry : entries) {
            running.add(run(entry, values));
        }
        return Future.join(running).mapEmpty();
    }

    /** Runs the commands of one entry; nothing, if it has a function instead. */
    public Future<Void> run(HookEntry entry, HookVariables values) {
        if (!(entry.action() instanceof CommandsAction action)) {
            return Future.succeededFuture();
        }
        RedisLink link = links.get(entry.pool());
        if (link == null) {
            throw new IllegalStateException(entry.path() + ": no link to pool " + entry.pool());
        }
        List<Request> requests = new ArrayList<>(action.commands().size());
        for (CommandTemplate command : action.commands()) {
            requests.add(command.render(values));
        }
        return link.pipeline(requests).compose(replies -> judge(entry, action, replies, values));
    }

    private Future<Void> judge(HookEntry entry, CommandsAction action, PipelineReplies replies, HookVariables values) {
        if (replies.allSucceeded()) {
            return Future.succeededFuture();
        }
        RedisFailure unavailable = null;
        for (int i = 0; i < replies.size(); i++) {
            RedisFailure failure = replies.failure(i);
            if (failure == null) {
                continue;
            }
            report(entry, action.commands().get(i), failure, values);
            if (failure.kind() == RedisFailure.Kind.UNAVAILABLE) {
                unavailable = failure;
            }
        }
        return unavailable == null ? Future.succeededFuture() : Future.failedFuture(unavailable);
    }

    private void report(HookEntry entry, CommandTemplate command, RedisFailure failure, HookVariables values) {
        failures.count(entry);
        log.warn(
                "Redis command failed [hook={}, entry={}, command={}, key={}, error={}]",
                entry.hook().configName(),
                entry.path(),
                command.commandName(),
                command.keyFor(values),
                failure.getMessage());
    }
}
