package io.redshank.messages;

import io.redshank.events.BacklogFetch;
import io.redshank.hooks.FetchRules;
import io.redshank.hooks.LogWindow;
import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where the reading of a log begins for a client: behind its bookmark, or, when it has none, where it gets one. */
final class Opening {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    private final Duration bookmarkTtl;
    private final LogCounts counts;

    Opening(Duration bookmarkTtl, LogCounts counts) {
        this.bookmarkTtl = bookmarkTtl;
        this.counts = counts;
    }

    /** The first page of a log whose messages go to one client each. */
    Future<LogReader.Page> ofQueue(LogReader reader, BacklogFetch fetch, FetchRules rules) {
        MessageId start = fetch.start();
        return reader.first(start == null ? null : new LogPlace(start, ""), rules.each())
                .map(this::skipped);
    }

    /** The first page of a log in which the client has a bookmark, or gets one. */
    Future<LogReader.Page> ofPubsub(RedisLink link, LogReader reader, BacklogFetch fetch, FetchRules rules) {
        String key = Keys.acked(fetch.client(), reader.topic());
        MessageId start = fetch.start();
        return link.send(Request.cmd(Command.GET).arg(key)).transform(got -> {
            if (got.failed() && !isOfAnotherType(got.cause())) {
                return Future.failedFuture(got.cause());
            }
            String bookmark = got.succeeded() ? textOf(got.result()) : "";
            if (got.failed()) {
                counts.lost(fetch);
            } else if (start == null && bookmark.isEmpty()) {
                MessageId since = fetch.since();
                return since == null
                        ? firstTime(link, reader, key, rules)
                        : anew(link, reader, key, since, rules).map(this::skipped);
            }
            if (fetch.persists() && !bookmark.isEmpty()) {
                keep(link, key);
            }
            MessageId place = later(start, bookmark);
            return reader.first(place == null ? null : new LogPlace(place, ""), rules.each())
                    .map(page -> opened(page, fetch, place != null && !place.equals(start)));
        });
    }

    private LogReader.Page opened(LogReader.Page page, BacklogFetch fetch, boolean byBookmark) {
        if (byBookmark && page.found() == LogReader.Found.LOST) {
            counts.lost(fetch);
        } else if (byBookmark && page.found() == LogReader.Found.PAST) {
            counts.missing();
        }
        return skipped(page);
    }

    private LogReader.Page skipped(LogReader.Page page) {
        counts.skipped(page.skipped());
        return page;
    }

    /** Gives the client a bookmark, and what is behind it. */
    private Future<LogReader.Page> firstTime(RedisLink link, LogReader reader, String key, FetchRules rules) {
        if (rules.first().equals(LogWindow.NOTHING)) {
            return reader.end().compose(end -> {
                LogPlace place = end == null ? new LogPlace(LogPlace.BEGINNING, "") : end;
                return link.send(bookmark(key, place.id())).map(set -> LogReader.Page.emptyAt(place));
            });
        }
        return reader.first(null, rules.first().and(rules.each()))
                .compose(page -> link.send(bookmark(key, page.before())).map(page));
    }

    /**
     * Gives a session that comes back, and whose bookmark is lost, another one: where its subscription was made. Nothing has moved the
     * bookmark for as long as one is kept, so hardly any of what is still stored can have been read.
     */
    private Future<LogReader.Page> anew(
            RedisLink link, LogReader reader, String key, MessageId since, FetchRules rules) {
        log.info("Bookmark lost, read from where the topic was subscribed to [key={}, since={}]", key, since);
        return link.send(bookmark(key, since)).compose(set -> reader.first(new LogPlace(since, ""), rules.each()));
    }

    /** A session that comes back keeps its bookmarks, whether or not there is something to move them. */
    private void keep(RedisLink link, String key) {
        link.send(Request.cmd(Command.EXPIRE).arg(key).arg(bookmarkTtl.toSeconds()))
                .onFailure(
                        failure -> log.debug("Bookmark not prolonged [key={}, cause={}]", key, failure.getMessage()));
    }

    private Request bookmark(String key, MessageId id) {
        return Request.cmd(Command.SET)
                .arg(key)
                .arg(id.value())
                .arg("EX")
                .arg(bookmarkTtl.toSeconds())
                .arg("NX");
    }

    /** A bookmark from before the subscription is one of a session that has ended, or of another subscription. */
    private static @Nullable MessageId later(@Nullable MessageId start, String bookmark) {
        if (start == null) {
            return bookmark.isEmpty() ? null : new MessageId(bookmark);
        }
        if (bookmark.isEmpty() || bookmark.equals(LogPlace.BEGINNING.value())) {
            return start;
        }
        MessageId id = new MessageId(bookmark);
        boolean comparable = MessageClock.microsOf(id) >= 0;
        return comparable && start.isAfter(id) ? start : id;
    }

    private static String textOf(@Nullable Response bookmark) {
        return bookmark == null ? "" : bookmark.toString();
    }

    private static boolean isOfAnotherType(Throwable failure) {
        return failure instanceof RedisFailure known && known.kind() == RedisFailure.Kind.REJECTED;
    }
}
