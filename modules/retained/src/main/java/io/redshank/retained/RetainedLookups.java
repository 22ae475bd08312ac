package io.redshank.retained;

import io.redshank.events.EventFailedException;
import io.redshank.events.EventFailure;
import io.redshank.events.MessagePage;
import io.redshank.events.RetainedLookup;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.TopicFilter;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the retained messages for a subscription, page by page, in the pools of all look-up entries for it, one after the
 * other. While Redis is away a look-up waits.
 */
final class RetainedLookups {
    private static final Logger log = LoggerFactory.getLogger(RetainedLookups.class);
    private static final int MAX_MESSAGES = 500;
    private static final long MAX_BYTES = 1 << 20;

    private final List<HookEntry> entries;
    private final boolean rejectOnOutage;
    private final Map<String, RetainedPool> pools = new LinkedHashMap<>();

    RetainedLookups(Vertx vertx, BackendOptions options, RedisLinks links) {
        this.entries = options.hooks().entries(Hook.SESSION_SUBSCRIBED, BackendFunction.ON_RETAIN_LOOKUP);
        this.rejectOnOutage = options.rejectOnOutage();
        for (RedisLink link : links.all()) {
            pools.put(link.pool().name(), new RetainedPool(vertx, link));
        }
    }

    private record Source(HookEntry entry, RetainedPool pool) {}

    /** A page in the making. */
    private final class Page {
        final TopicFilter filter;
        final List<Source> sources;
        final List<Message> messages = new ArrayList<>();
        LookupCursor at;
        long bytes;
        /** Not a chain of futures: a long search, or a long wait for Redis, would make it longer than the stack is deep. */
        final Promise<MessagePage> answer = Promise.promise();

        Page(RetainedLookup lookup) {
            this.filter = lookup.filter();
            this.sources = sourcesOf(filter);
            String cursor = lookup.cursor();
            this.at = cursor == null ? LookupCursor.startOf(0) : LookupCursor.decoded(cursor);
        }

        boolean isFull() {
            return messages.size() >= MAX_MESSAGES || bytes >= MAX_BYTES;
        }

        boolean isLast() {
            return at.source() >= sources.size();
        }

        MessagePage toAnswer() {
            return isLast() ? new MessagePage(messages, null, false) : new MessagePage(messages, at.encoded(), true);
        }
    }

    /** The page that the cursor asks for. */
    Future<MessagePage> onLookup(RetainedLookup lookup) {
        pools.values().forEach(pool -> pool.reads().gather());
        Page page = new Page(lookup);
        fill(page);
        return page.answer.future();
    }

    /** Sends what the look-ups of a batch have asked for. */
    void flush() {
        pools.values().forEach(pool -> pool.reads().flush());
    }

    private void fill(Page page) {
        if (page.isLast() || page.isFull()) {
            page.answer.complete(page.toAnswer());
            return;
        }
        Source source = page.sources.get(page.at.source());
        source.pool()
                .matching(
                        page.filter,
                        page.at.at(),
                        MAX_MESSAGES - page.messages.size(),
                        MAX_BYTES - page.bytes,
                        page.messages.isEmpty())
                .onSuccess(part -> add(page, part))
                .onFailure(failure -> onFailure(page, source, failure));
    }

    private void add(Page page, RetainedPool.Part part) {
        page.messages.addAll(part.messages());
        page.bytes += part.bytes();
        byte[] next = part.next();
        page.at = next == null ? LookupCursor.startOf(page.at.source() + 1) : new LookupCursor(page.at.source(), next);
        if (part.full()) {
            page.answer.complete(page.toAnswer());
        } else {
            fill(page);
        }
    }

    private void onFailure(Page page, Source source, Throwable failure) {
        if (!(failure instanceof RedisFailure known)) {
            page.answer.fail(failure);
        } else if (known.kind() == RedisFailure.Kind.REJECTED) {
            log.warn(
                    "Retained messages not looked up [hook={}, pool={}, filter={}, cause={}]",
                    source.entry().path(),
                    source.pool().name(),
                    page.filter,
                    failure.getMessage());
            page.at = LookupCursor.startOf(page.at.source() + 1);
            fill(page);
        } else if (rejectOnOutage) {
            page.answer.fail(unavailable(failure));
        } else {
            source.pool()
                    .untilReady()
                    .onSuccess(ready -> fill(page))
                    .onFailure(closed -> page.answer.fail(unavailable(closed)));
        }
    }

    private List<Source> sourcesOf(TopicFilter filter) {
        Set<String> seen = new HashSet<>();
        List<Source> sources = new ArrayList<>(1);
        for (HookEntry entry : entries) {
            RetainedPool pool = pools.get(entry.pool());
            if (pool != null && entry.appliesTo(filter) && seen.add(entry.pool())) {
                sources.add(new Source(entry, pool));
            }
        }
        return sources;
    }

    private static EventFailedException unavailable(Throwable failure) {
        return new EventFailedException(EventFailure.UNAVAILABLE, String.valueOf(failure.getMessage()));
    }
}
