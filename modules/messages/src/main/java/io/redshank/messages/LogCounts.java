package io.redshank.messages;

import io.redshank.events.BacklogFetch;
import io.redshank.events.Count;
import io.redshank.events.Counts;
import io.redshank.events.CountsLookup;
import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one instance has counted of the logs since it started. Confined to the verticle's context. */
final class LogCounts {
    private static final Logger log = LoggerFactory.getLogger(LogCounts.class);
    /** Of how many clients and topics it is remembered that they have been warned of. */
    private static final int MOST_WARNED = 1000;

    private record Reading(ClientId client, TopicFilter topic) {}

    private final Set<Reading> warned = new LinkedHashSet<>();
    private long missing;
    private long lost;
    private long skipped;
    private long trimmed;

    /** A bookmark is not in its log any more; what is above it is read. */
    void missing() {
        missing++;
    }

    /** A bookmark is not in its log, and says nothing of its place: all of the log is read. */
    void lost(BacklogFetch fetch) {
        missing++;
        lost++;
        Reading reading = new Reading(fetch.client(), fetch.subscription().filter());
        if (warned.add(reading)) {
            log.warn("Bookmark is lost, reading all of the log [client={}, topic={}]", reading.client, reading.topic);
            if (warned.size() > MOST_WARNED) {
                warned.remove(warned.iterator().next());
            }
        }
    }

    /** So many messages were not given to somebody whose bookmark they are behind. */
    void skipped(long messages) {
        skipped += messages;
    }

    /** So many messages were taken out of a log that had too many. */
    void trimmed(long messages) {
        trimmed += messages;
    }

    Future<Counts> onLookup(CountsLookup lookup) {
        return Future.succeededFuture(new Counts(Map.of(
                Count.BOOKMARKS_MISSING,
                missing,
                Count.BOOKMARKS_LOST,
                lost,
                Count.BACKLOG_SKIPPED,
                skipped,
                Count.TRIMMED,
                trimmed)));
    }
}
