package io.redshank.messages;

import io.redshank.events.BacklogFetch;
import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePage;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.hooks.LogWindow;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.SharedFilter;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.MessageHash;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the fetch functions of {@code session.subscribed} find for a subscription of one topic. Keeps nothing between pages: the
 * cursor says all.
 */
final class Backlog {
    private static final Logger log = LoggerFactory.getLogger(Backlog.class);

    /** One function to run, on one pool. */
    private record Step(BackendFunction function, String pool, FetchRules rules) {}

    private static final int PAGES_AT_ONCE = 64;

    private final Turnstile reading = new Turnstile(PAGES_AT_ONCE);
    private final BackendOptions options;
    private final RedisLinks links;
    private final MessageClock clock;
    private final LogCounts counts;
    private final Opening opening;

    Backlog(BackendOptions options, RedisLinks links, MessageClock clock, LogCounts counts) {
        this.options = options;
        this.links = links;
        this.clock = clock;
        this.counts = counts;
        this.opening = new Opening(options.bookmarkTtl(), counts);
    }

    /** The next page for this subscription. */
    Future<MessagePage> onFetch(BacklogFetch fetch) {
        TopicFilter filter = fetch.subscription().filter();
        if (filter.hasWildcard()) {
            return Future.succeededFuture(MessagePage.empty());
        }
        boolean isShared =
                SharedFilter.isReader(fetch.client()); // a group has nothing but its bookmark, whatever hooks there are
        List<Step> steps = isShared ? new ArrayList<>() : stepsFor(filter, fetch.persists());
        MessageId start = fetch.start();
        if (start != null) { // a subscription with wildcards: logs only, since it is told of topics that have one
            steps.removeIf(step -> step.function() == BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST);
            addLog(steps, filter);
        }
        Cursor cursor = Cursor.of(fetch.cursor());
        if (cursor.step() >= steps.size()) {
            return Future.succeededFuture(MessagePage.empty());
        }
        return reading.enter(() -> read(steps, cursor, fetch, filter.asTopic()))
                .recover(failure -> Future.failedFuture(outcomeOf(failure)));
    }

    static EventFailedException outcomeOf(Throwable failure) {
        return new EventFailedException(
                isRefused(failure) ? EventFailure.REFUSED : EventFailure.UNAVAILABLE,
                String.valueOf(failure.getMessage()));
    }

    private Future<MessagePage> read(List<Step> steps, Cursor cursor, BacklogFetch fetch, TopicName topic) {
        Step step = steps.get(cursor.step());
        RedisLink link = links.to(step.pool());
        boolean lastStep = cursor.step() == steps.size() - 1;
        if (step.function() == BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST) {
            return latest(link, topic)
                    .map(found -> new MessagePage(found, cursor.nextStep().text(), !lastStep));
        }
        Lease lease = step.rules().leases()
                ? new Lease(link, topic, fetch.client(), step.rules().lease())
                : null;
        LogReader reader = new LogReader(link, topic, clock.horizon(), lease);
        return page(step, cursor, fetch, link, reader).map(read -> {
            Cursor next = read.more() || lastStep ? cursor.at(read.place()) : cursor.nextStep();
            return new MessagePage(read.messages(), next.text(), read.more() || !lastStep, read.upTo());
        });
    }

    private Future<LogReader.Page> page(
            Step step, Cursor cursor, BacklogFetch fetch, RedisLink link, LogReader reader) {
        if (cursor.place() != null) {
            return reader.next(cursor.place(), step.rules().each()).map(page -> {
                counts.skipped(page.skipped());
                return page;
            });
        }
        return step.function() == BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE
                ? opening.ofQueue(reader, fetch, step.rules())
                : opening.ofPubsub(link, reader, fetch, step.rules());
    }

    private static boolean isRefused(Throwable failure) {
        return failure instanceof RedisFailure known && known.kind() == RedisFailure.Kind.REJECTED;
    }

    private static Future<List<Message>> latest(RedisLink link, TopicName topic) {
        String key = Keys.latest(topic);
        return link.send(Request.cmd(Command.HGETALL).arg(key)).map(body -> latestOf(key, body));
    }

    private static List<Message> latestOf(String key, @Nullable Response body) {
        if (body == null || body.size() == 0) {
            return List.of();
        }
        Message message = MessageHash.read(LogPlace.BEGINNING, body);
        if (message == null) {
            log.warn("Stored message is damaged, skipped [key={}]", key);
            return List.of();
        }
        return List.of(message);
    }

    private List<Step> stepsFor(TopicFilter filter, boolean persists) {
        List<Step> steps = new ArrayList<>();
        for (HookEntry entry : options.hooks().entries(Hook.SESSION_SUBSCRIBED)) {
            for (BackendFunction function : List.of(
                    BackendFunction.ON_MESSAGE_FETCH_FOR_QUEUE,
                    BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB,
                    BackendFunction.ON_MESSAGE_FETCH_FOR_KEEP_LATEST)) {
                if (entry.does(function) && entry.appliesTo(filter) && !isThere(steps, function, entry.pool())) {
                    steps.add(new Step(function, entry.pool(), entry.fetch()));
                }
            }
        }
        if (persists && steps.isEmpty()) {
            addLog(steps, filter);
        }
        return steps;
    }

    /** Of entries that read one log in the same way, the first one says how. */
    private static boolean isThere(List<Step> steps, BackendFunction function, String pool) {
        return steps.stream()
                .anyMatch(step -> step.function() == function && step.pool().equals(pool));
    }

    /** The log of a topic that no function fetches, beside the function of the same name. */
    private void addLog(List<Step> steps, TopicFilter filter) {
        if (steps.isEmpty()) {
            options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH).stream()
                    .filter(entry -> entry.appliesTo(filter))
                    .findFirst()
                    .ifPresent(entry -> steps.add(new Step(
                            BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB,
                            entry.pool(),
                            new FetchRules(options.firstFetch(), LogWindow.EVERYTHING))));
        }
    }
}
