package io.redshank.broker;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is subscribed to what, as a tree of topic levels: a match walks the topic's levels, however many subscriptions there
 * are. Confined to one thread.
 *
 * @param <S> the subscriber
 */
final class SubscriptionTree<S> {
    /** How deep a filter may be: each level of the tree costs memory, and each of a walk costs stack. */
    static final int MAX_LEVELS = 128;

    /** A subscriber of a topic and the subscription that matched; one subscriber may occur with several. */
    record Match<S>(S subscriber, Granted granted) {}

    private static final class Level<S> {
        final Map<String, Level<S>> children = new HashMap<>(4);
        final Map<S, Granted> subscribers = new LinkedHashMap<>(2);

        boolean isUnused() {
            return children.isEmpty() && subscribers.isEmpty();
        }
    }

    private final Level<S> root = new Level<>();
    private final Consumer<TopicFilter> onFirst;
    private final Consumer<TopicFilter> onLast;
    private int size;
    private long version;
    private long visits;

    SubscriptionTree() {
        this(first -> {}, last -> {});
    }

    /** A tree that says when it gets its first subscription to a filter, and when the last one is gone. */
    SubscriptionTree(Consumer<TopicFilter> onFirst, Consumer<TopicFilter> onLast) {
        this.onFirst = onFirst;
        this.onLast = onLast;
    }

    /** How many subscriptions there are. */
    int size() {
        return size;
    }

    /** Whether nothing is left, no empty level either. */
    boolean isEmpty() {
        return root.isUnused();
    }

    /** Changes with every change of the tree, so that what was matched before can be known to be stale. */
    long version() {
        return version;
    }

    /** How many levels have been looked at by all matches so far: what matching costs. */
    long visits() {
        return visits;
    }

    /** Whether a filter is not too deep for the tree. */
    static boolean takes(TopicFilter filter) {
        return filter.value().chars().filter(c -> c == '/').count() < MAX_LEVELS;
    }

    /** Adds or replaces a subscription, of a filter that is {@linkplain #takes not too deep}. */
    void put(S subscriber, Granted granted) {
        Level<S> level = root;
        for (String name : levelsOf(granted.filter().value())) {
            level = level.children.computeIfAbsent(name, absent -> new Level<>());
        }
        version++;
        boolean first = level.subscribers.isEmpty();
        if (level.subscribers.put(subscriber, granted) == null) {
            size++;
        }
        if (first) {
            onFirst.accept(granted.filter());
        }
    }

    /** Removes a subscription; answers whether there was one. */
    @CanIgnoreReturnValue
    boolean remove(S subscriber, TopicFilter filter) {
        boolean removed = remove(root, levelsOf(filter.value()), 0, subscriber, filter);
        if (removed) {
            version++;
            size--;
        }
        return removed;
    }

    private boolean remove(Level<S> level, List<String> names, int depth, S subscriber, TopicFilter filter) {
        if (depth == names.size()) {
            boolean removed = level.subscribers.remove(subscriber) != null;
            if (removed && level.subscribers.isEmpty()) {
                onLast.accept(filter);
            }
            return removed;
        }
        Level<S> child = level.children.get(names.get(depth));
        if (child == null || !remove(child, names, depth + 1, subscriber, filter)) {
            return false;
        }
        if (child.isUnused()) {
            level.children.remove(names.get(depth));
        }
        return true;
    }

    /** Every subscription that matches the topic. */
    List<Match<S>> match(TopicName topic) {
        List<Match<S>> found = new ArrayList<>();
        match(root, topic.value(), 0, found);
        return found;
    }

    private void match(Level<S> level, String topic, int start, List<Match<S>> found) {
        visits++;
        // [MQTT-4.7.2-1]: a wildcard in the first level does not match a topic that starts with $
        boolean wildcards = start > 0 || topic.charAt(0) != '$';
        if (wildcards) {
            collect(level.children.get("#"), found);
        }
        int slash = topic.indexOf('/', start);
        String name = slash < 0 ? topic.substring(start) : topic.substring(start, slash);
        descend(level.children.get(name), topic, slash, found);
        if (wildcards) {
            descend(level.children.get("+"), topic, slash, found);
        }
    }

    private void descend(@Nullable Level<S> child, String topic, int slash, List<Match<S>> found) {
        if (child == null) {
            return;
        }
        if (slash >= 0) {
            match(child, topic, slash + 1, found);
        } else {
            collect(child, found);
            collect(child.children.get("#"), found); // "sport/#" matches "sport" too
        }
    }

    private void collect(@Nullable Level<S> level, List<Match<S>> found) {
        if (level != null) {
            level.subscribers.forEach((subscriber, granted) -> found.add(new Match<>(subscriber, granted)));
        }
    }

    private static List<String> levelsOf(String filter) {
        List<String> levels = new ArrayList<>();
        int start = 0;
        for (int slash = filter.indexOf('/'); slash >= 0; slash = filter.indexOf('/', start)) {
            levels.add(filter.substring(start, slash));
            start = slash + 1;
        }
        levels.add(filter.substring(start));
        return levels;
    }
}
