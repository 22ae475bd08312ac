package io.redshank.messages;

import io.redshank.model.TopicFilter;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one pool's index of topics says about the last while, by name, shared by all who look something up at the same time: when
 * thousands of clients come back at once, it is read once for all of them. Holds so much and no more. Confined to one context.
 */
final class RecentTopics {
    /*
     * Who asks gets all that was appended to before he asked: he waits for a reading that begins later than that. Such a reading
     * begins where the last one did, less a margin for the clocks of other nodes, unless somebody asks for an earlier time: then
     * all is read anew from there.
     */
    static final int MOST_TOPICS = 100_000;
    private static final int MOST_CHARACTERS = 8 << 20;
    private static final int TOPICS_PER_PAGE = 1000;
    private static final long MARGIN_MILLIS = 10_000;
    /** How many topics are looked at for one page of an answer. */
    private static final int LOOKED_AT_PER_PAGE = 5_000;

    private static final int FOUND_PER_PAGE = 500;
    private static final long NOTHING = Long.MAX_VALUE;

    /** Where a page ended: the filter, and the topic behind which the next one begins. */
    record Place(int filter, String topic) {
        static final Place BEGINNING = new Place(0, "");
    }

    /**
     * A page of topics that were appended to in the span asked for.
     *
     * @param next where it goes on; null if that was all
     */
    record Found(List<String> topics, @Nullable Place next) {}

    private record Waiting(long since, Promise<Boolean> known) {}

    private final RedisLink link;
    private final int mostTopics;
    private final TreeMap<String, Long> times = new TreeMap<>();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean reading;
    private long characters;
    /** All that was appended to since then is known, as of the last reading. */
    private long from = NOTHING;

    private long readAt;

    RecentTopics(RedisLink link, int mostTopics) {
        this.link = link;
        this.mostTopics = mostTopics;
    }

    /** Completes with whether all is known that was appended to from this time until now; if not, it was too much to hold. */
    Future<Boolean> know(long sinceMillis) {
        Promise<Boolean> known = Promise.promise();
        waiting.add(new Waiting(sinceMillis, known));
        read();
        return known.future();
    }

    /** Whether what was appended to since then is known, as of some time. */
    boolean covers(long sinceMillis) {
        return from <= sinceMillis;
    }

    /** The topics that these filters match, from a place on; one may be found by several filters. */
    Found find(List<TopicFilter> filters, long sinceMillis, long untilMillis, Place place) {
        List<String> topics = new ArrayList<>();
        int lookedAt = 0;
        String behind = place.topic();
        for (int i = place.filter(); i < filters.size(); i++) {
            TopicFilter filter = filters.get(i);
            for (Map.Entry<String, Long> topic : candidates(filter, behind).entrySet()) {
                long time = topic.getValue();
                if (time >= sinceMillis && time <= untilMillis && AppendedTopics.matches(filter, topic.getKey())) {
                    topics.add(topic.getKey());
                }
                if (++lookedAt >= LOOKED_AT_PER_PAGE || topics.size() >= FOUND_PER_PAGE) {
                    return new Found(topics, new Place(i, topic.getKey()));
                }
            }
            behind = "";
        }
        return new Found(topics, null);
    }

    /** Those with the levels that the filter begins with, or a little more. */
    private SortedMap<String, Long> candidates(TopicFilter filter, String behind) {
        String text = filter.value();
        int wildcard = Math.min(indexOf(text, '+'), indexOf(text, '#'));
        String levels = text.substring(0, Math.max(0, wildcard - 1));
        SortedMap<String, Long> some = levels.isEmpty() ? times : times.subMap(levels, levels + (char) ('/' + 1));
        if (behind.isEmpty()) {
            return some;
        }
        return some.tailMap(behind + '\0');
    }

    private static int indexOf(String text, char character) {
        int index = text.indexOf(character);
        return index < 0 ? text.length() + 1 : index;
    }

    private void read() {
        if (reading || waiting.isEmpty()) {
            return;
        }
        reading = true;
        List<Waiting> served = waiting;
        waiting = new ArrayList<>();
        long earliest = served.stream().mapToLong(Waiting::since).min().orElse(NOTHING);
        long begun = System.currentTimeMillis();
        if (earliest < from) {
            forget();
        }
        long start = from == NOTHING ? earliest : readAt - MARGIN_MILLIS;
        readFrom(Long.toString(start), "").onComplete(fits -> {
            reading = false;
            if (fits.failed()) {
                forget();
                served.forEach(one -> one.known().fail(fits.cause()));
            } else {
                from = fits.result() ? Math.min(from, earliest) : NOTHING;
                readAt = begun;
                served.forEach(one -> one.known().complete(fits.result()));
            }
            read();
        });
    }

    private Future<Boolean> readFrom(String time, String topic) {
        return link.send(AppendedTopics.PAGE.call(Keys.LOG_INDEX, TOPICS_PER_PAGE, time, topic))
                .compose(reply -> take(reply));
    }

    /** Completes with whether all that follows has found room, too. */
    private Future<Boolean> take(@Nullable Response reply) {
        int size = reply == null ? 0 : reply.size();
        for (int i = 0; reply != null && i + 1 < size; i += 2) {
            String topic = reply.get(i).toString();
            if (times.put(topic, (long) Double.parseDouble(reply.get(i + 1).toString())) == null) {
                characters += topic.length();
            }
        }
        if (times.size() > mostTopics || characters > MOST_CHARACTERS) {
            forget();
            return Future.succeededFuture(false);
        }
        return reply == null || size < 2 * TOPICS_PER_PAGE
                ? Future.succeededFuture(true)
                : readFrom(reply.get(size - 1).toString(), reply.get(size - 2).toString());
    }

    private void forget() {
        times.clear();
        characters = 0;
        from = NOTHING;
    }
}
