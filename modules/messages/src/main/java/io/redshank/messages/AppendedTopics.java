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
 * costs is what was published since, whatever there is besides. Keeps nothing between pages: the cursor says all.
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

    private final List<HookEntry> storing;
    private final List<String> pools;
    private final RedisLinks links;

    AppendedTopics(BackendOptions options, RedisLinks links) {
        this.storing = options.hooks().entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_PUBLISH);
        this.pools = storing.stream().map(HookEntry::pool).distinct().toList();
        this.links = links;
    }

    /** The next page of the topics asked for. */
    Future<TopicPage> onLookup(AppendedLookup lookup) {
        String cursor = lookup.cursor();
        Place place = cursor == null ? new Place(0, Long.toString(lookup.since()), "") : Place.of(cursor);
        if (place.pool() >= pools.size()) {
            return Future.succeededFuture(new TopicPage(List.of(), null));
        }
        return links.to(pools.get(place.pool()))
                .send(PAGE.call(Keys.LOG_INDEX, TOPICS_PER_PAGE, place.time(), place.topic()))
                .map(reply -> page(lookup, place, reply))
                .recover(failure -> Future.failedFuture(Backlog.outcomeOf(failure)));
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
