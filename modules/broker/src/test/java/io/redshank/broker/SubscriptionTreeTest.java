package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SubscriptionTreeTest {
    private static final List<String> LEVELS = List.of("", "a", "b", "ab", "$", "$SYS");

    private final long seed = new Random().nextLong();
    private final RandomGenerator random = new Random(seed);
    private final SubscriptionTree<String> tree = new SubscriptionTree<>();

    /** [MQTT-4.7.1-1] to [MQTT-4.7.3-4], as the filter itself knows them. */
    @Test
    void match_findsWhatTheFiltersMatch() {
        Map<TopicFilter, Set<String>> expected = new HashMap<>();
        for (int round = 0; round < 3000; round++) {
            TopicFilter filter = randomFilter();
            String subscriber = "s" + random.nextInt(10);
            Set<String> subscribers = expected.computeIfAbsent(filter, absent -> new HashSet<>());
            if (random.nextInt(3) > 0) {
                tree.put(subscriber, granted(filter));
                subscribers.add(subscriber);
            } else {
                assertThat(tree.remove(subscriber, filter))
                        .as("seed %s", seed)
                        .isEqualTo(subscribers.remove(subscriber));
            }
            TopicName topic = new TopicName(randomLevels());
            Set<String> found = tree.match(topic).stream()
                    .map(match -> match.subscriber() + " " + match.granted().filter())
                    .collect(Collectors.toSet());
            Set<String> wanted = expected.entrySet().stream()
                    .filter(entry -> entry.getKey().matches(topic))
                    .flatMap(entry -> entry.getValue().stream().map(one -> one + " " + entry.getKey()))
                    .collect(Collectors.toSet());
            assertThat(found).as("topic '%s', seed %s", topic, seed).isEqualTo(wanted);
        }
    }

    @Test
    void match_costsTheSameHoweverManySubscribe() {
        TopicName topic = new TopicName("building/7/floor/3");
        tree.put("s", granted(new TopicFilter("building/+/floor/#")));
        long few = visitsOf(topic);
        for (int i = 0; i < 20_000; i++) {
            tree.put("s" + i, granted(new TopicFilter("building/x" + i + "/floor/3")));
            tree.put("s" + i, granted(new TopicFilter("other/" + i + "/#")));
        }
        assertThat(visitsOf(topic)).isEqualTo(few);
    }

    private long visitsOf(TopicName topic) {
        long before = tree.visits();
        assertThat(tree.match(topic)).hasSize(1);
        return tree.visits() - before;
    }

    @Test
    void removal_leavesAnEmptyTree() {
        List<TopicFilter> filters = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            filters.add(randomFilter());
            tree.put("s" + i, granted(filters.get(i)));
        }
        assertThat(tree.size()).isEqualTo(500);
        for (int i = 0; i < 500; i++) {
            assertThat(tree.remove("s" + i, filters.get(i))).isTrue();
            assertThat(tree.remove("s" + i, filters.get(i))).isFalse();
        }
        assertThat(tree.size()).isZero();
        assertThat(tree.isEmpty()).isTrue();
    }

    @Test
    void version_changesWithEachChangeOnly() {
        TopicFilter filter = new TopicFilter("a/+");
        long before = tree.version();
        tree.put("s", granted(filter));
        long after = tree.version();
        assertThat(after).isNotEqualTo(before);
        assertThat(tree.remove("another", filter)).isFalse();
        assertThat(tree.version()).isEqualTo(after);
    }

    @Test
    void takes_refusesFiltersThatAreTooDeep() {
        String deep = "/".repeat(SubscriptionTree.MAX_LEVELS - 1);
        assertThat(SubscriptionTree.takes(new TopicFilter(deep))).isTrue();
        assertThat(SubscriptionTree.takes(new TopicFilter(deep + "/"))).isFalse();
    }

    private static Granted granted(TopicFilter filter) {
        return Granted.plain(filter, Qos.AT_LEAST_ONCE);
    }

    private TopicFilter randomFilter() {
        String[] levels = randomLevels().split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = random.nextInt(3) == 0 ? "+" : levels[i];
        }
        if (random.nextInt(3) == 0) {
            levels[levels.length - 1] = "#";
        }
        String filter = String.join("/", levels);
        return filter.isEmpty() ? randomFilter() : new TopicFilter(filter);
    }

    private String randomLevels() {
        List<String> levels = new ArrayList<>();
        do {
            levels.add(LEVELS.get(random.nextInt(LEVELS.size())));
        } while (levels.size() < 4 && random.nextInt(3) > 0);
        String joined = String.join("/", levels);
        return joined.isEmpty() ? randomLevels() : joined;
    }
}
