package io.redshank.messages;

import io.redshank.events.AppendedLookup;
import io.redshank.events.TopicPage;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.BackendOptions;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import io.redshank.redis.Keys;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Script;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics that were appended to in a span of time, from the index of topics that each append keeps: what a look-up
 * costs is what was published since, whatever there is besides. Keeps nothing between pages: the cursor says all. When many clients
 * look something up at once, they share what is {@linkplain RecentTopics read} of the index. Confined to the verticle's context.
 */
final class AppendedTopics {
    /** Reads a page of the index. */
    static final Script PAGE = Script.ofResource(AppendedTopics.class, "topics.lua");

    private static final int TOPICS_PER_PAGE = 500;

    /** A topic in the index of a pool, and when it was appended to, as Redis writes it. */
    private record Place(int pool, String time, String topic) {
        private static final char SEPARATOR = ' ';

        static Place of(String cursor) {
            int first = cursor.indexOf(SEPARATOR);
            int second = cursor.indexOf(SEPARATOR, first + 1);
            return new Place(
                    Integer.parseInt(cursor.substring(0, first)),
                    cursor.substring(first + 1, second),
                    cursor.substring(second + 1));
        }

        String cursor() {
            return pool + String.valueOf(SEPARATOR) + time + SEPARATOR + topic;
        }
    }

    /** How many read the index each for itself at the same time; more share a reading. */
    private static final int ALONE_AT_ONCE = 8;

    /** In front of a cursor of a shared reading; others begin with a digit. */
    private static final String SHARED = "shared ";

    private final List<HookEntry> storing;
    private final List<String> pools;
    private final RedisLinks links;
    private final List<RecentTopics> recent = new ArrayList<>();
    private final Turnstile alone = new Turnstile(ALONE_AT_ONCE);

    AppendedTopics(BackendOptions options, RedisLinks links) {
        this.storing = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH);
        this.pools = storing.stream().map(HookEntry::pool).distinct().toList();
        this.links = links;
        pools.forEach(pool -> recent.add(new RecentTopics(links.to(pool), RecentTopics.MOST_TOPICS)));
    }

    /** The next page of the topics asked for. */
    Future<TopicPage> onLookup(AppendedLookup lookup) {
        String cursor = lookup.cursor();
        if (pools.isEmpty()) {
            return Future.succeededFuture(new TopicPage(List.of(), null));
        }
        if (cursor != null && cursor.startsWith(SHARED)) {
            return goOn(lookup, SharedPlace.of(cursor));
        }
        Place place = cursor == null ? new Place(0, Long.toString(lookup.since()), "") : Place.of(cursor);
        return alone.isFull() ? share(lookup, place.pool()) : readAlone(lookup, place);
    }

    private Future<TopicPage> readAlone(AppendedLookup lookup, Place place) {
        return alone.enter(() -> links.to(pools.get(place.pool()))
                .send(PAGE.call(Keys.LOG_INDEX, TOPICS_PER_PAGE, place.time(), place.topic()))
                .map(reply -> page(lookup, place, reply))
                .recover(failure -> Future.failedFuture(Backlog.outcomeOf(failure))));
    }

    private Future<TopicPage> share(AppendedLookup lookup, int pool) {
        return recent.get(pool)
                .know(lookup.since())
                .recover(failure -> Future.failedFuture(Backlog.outcomeOf(failure)))
                .compose(known -> known
                        ? goOn(lookup, new SharedPlace(pool, RecentTopics.Place.BEGINNING))
                        : readAlone(lookup, new Place(pool, Long.toString(lookup.since()), "")));
    }

    private Future<TopicPage> goOn(AppendedLookup lookup, SharedPlace from) {
        RecentTopics topics = recent.get(from.pool());
        if (!topics.covers(lookup.since())) {
            return share(lookup, from.pool()); // it was too much, or somebody has asked for an earlier time
        }
        RecentTopics.Found found = topics.find(lookup.filters(), lookup.since(), lookup.until(), from.place());
        List<TopicName> wanted = found.topics().stream()
                .map(AppendedTopics::topicOrNull)
                .filter(topic -> topic != null && isWanted(topic, lookup.filters(), from.pool()))
                .toList();
        RecentTopics.Place next = found.next();
        return Future.succeededFuture(new TopicPage(
                wanted, next == null ? next(from.pool(), lookup) : new SharedPlace(from.pool(), next).cursor()));
    }

    /** Whether a filter matches what may be no topic at all. */
    static boolean matches(TopicFilter filter, String topic) {
        TopicName name = topicOrNull(topic);
        return name != null && filter.matches(name);
    }

    /** A place in a shared reading of a pool's index. */
    private record SharedPlace(int pool, RecentTopics.Place place) {
        static SharedPlace of(String cursor) {
            int second = cursor.indexOf(' ', SHARED.length());
            int third = cursor.indexOf(' ', second + 1);
            return new SharedPlace(
                    Integer.parseInt(cursor.substring(SHARED.length(), second)),
                    new RecentTopics.Place(
                            Integer.parseInt(cursor.substring(second + 1, third)), cursor.substring(third + 1)));
        }

        String cursor() {
            return SHARED + pool + ' ' + place.filter() + ' ' + place.topic();
        }
    }

    private TopicPage page(AppendedLookup lookup, Place from, @Nullable Response reply) {
        List<TopicName> topics = new ArrayList<>();
        int size = reply == null ? 0 : reply.size();
        Place last = from;
        boolean over = size < 2 * TOPICS_PER_PAGE;
        for (int i = 0; reply != null && i + 1 < size && !isOver(last, lookup); i += 2) {
            last = new Place(
                    from.pool(), reply.get(i + 1).toString(), reply.get(i).toString());
            TopicName topic = topicOrNull(last.topic());
            if (topic != null && isWanted(topic, lookup.filters(), from.pool())) {
                topics.add(topic);
            }
        }
        return new TopicPage(topics, over || isOver(last, lookup) ? next(from.pool(), lookup) : last.cursor());
    }

    private @Nullable String next(int pool, AppendedLookup lookup) {
        return pool + 1 < pools.size() ? new Place(pool + 1, Long.toString(lookup.since()), "").cursor() : null;
    }

    private static boolean isOver(Place place, AppendedLookup lookup) {
        return Double.parseDouble(place.time()) > lookup.until();
    }

    /** A topic that several pools store is found in that of the first entry that stores it, whose log gives the order. */
    private boolean isWanted(TopicName topic, List<TopicFilter> filters, int pool) {
        return filters.stream().anyMatch(filter -> filter.matches(topic))
                && storing.stream()
                        .filter(entry -> entry.appliesTo(topic))
                        .findFirst()
                        .filter(entry -> entry.pool().equals(pools.get(pool)))
                        .isPresent();
    }

    private static @Nullable TopicName topicOrNull(String topic) {
        try {
            return new TopicName(topic);
        } catch (MalformedMqttException damaged) {
            return null;
        }
    }
}
