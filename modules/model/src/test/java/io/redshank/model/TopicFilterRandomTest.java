package io.redshank.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Compares the filter's walk over characters with the rules written down naively, level by level. */
class TopicFilterRandomTest {
    private static final List<String> LEVELS = List.of("", "a", "b", "ab", "$", "$a");
    private static final int ROUNDS = 200_000;

    private final long seed = new Random().nextLong();
    private final RandomGenerator random = new Random(seed);

    @Test
    void matches_agreesWithTheRulesLevelByLevel() {
        for (int round = 0; round < ROUNDS; round++) {
            TopicFilter filter = randomFilter();
            TopicName topic = new TopicName(randomLevels());
            assertThat(filter.matches(topic))
                    .as("filter '%s', topic '%s', seed %s", filter, topic, seed)
                    .isEqualTo(naivelyMatches(filter.value(), topic.value()));
        }
    }

    @Test
    void covers_neverClaimsAFilterWithATopicThatIsNotMatched() {
        for (int round = 0; round < ROUNDS; round++) {
            TopicFilter wide = randomFilter();
            TopicFilter narrow = randomFilter();
            TopicName topic = new TopicName(randomLevels());
            if (wide.covers(narrow) && narrow.matches(topic)) {
                assertThat(wide.matches(topic))
                        .as("'%s' covers '%s' with topic '%s', seed %s", wide, narrow, topic, seed)
                        .isTrue();
            }
        }
    }

    /** A filter that does not cover another leaves out a topic of it: one of the few short ones, if the filters are short. */
    @Test
    void covers_missesNoFilterWhoseTopicsAreAllMatched() {
        List<TopicName> topics = shortTopics();
        for (int round = 0; round < 20_000; round++) {
            TopicFilter wide = randomFilter();
            TopicFilter narrow = randomFilter();
            boolean allMatched = topics.stream().filter(narrow::matches).allMatch(wide::matches);
            assertThat(wide.covers(narrow))
                    .as("'%s' covers '%s', seed %s", wide, narrow, seed)
                    .isEqualTo(allMatched);
        }
    }

    private TopicFilter randomFilter() {
        while (true) {
            String[] levels = randomLevels().split("/", -1);
            for (int i = 0; i < levels.length; i++) {
                levels[i] = random.nextInt(3) == 0 ? "+" : levels[i];
            }
            if (random.nextInt(3) == 0) {
                levels[levels.length - 1] = "#";
            }
            String filter = String.join("/", levels);
            if (!filter.isEmpty()) {
                return new TopicFilter(filter);
            }
        }
    }

    private String randomLevels() {
        while (true) {
            List<String> levels = new ArrayList<>();
            do {
                levels.add(LEVELS.get(random.nextInt(LEVELS.size())));
            } while (levels.size() < 4 && random.nextInt(3) > 0);
            String joined = String.join("/", levels);
            if (!joined.isEmpty()) {
                return joined;
            }
        }
    }

    /** All topics of one to five levels, over the levels above and one that no filter names. */
    private static List<TopicName> shortTopics() {
        List<String> alphabet = List.of("", "a", "b", "ab", "$", "$a", "other");
        List<TopicName> topics = new ArrayList<>();
        List<String> shorter = List.of();
        for (int levels = 1; levels <= 5; levels++) {
            List<String> next = new ArrayList<>();
            for (String level : alphabet) {
                if (levels == 1) {
                    next.add(level);
                }
                shorter.forEach(start -> next.add(start + "/" + level));
            }
            next.stream().filter(topic -> !topic.isEmpty()).map(TopicName::new).forEach(topics::add);
            shorter = next;
        }
        return topics;
    }

    private static boolean naivelyMatches(String filter, String topic) {
        String[] wanted = filter.split("/", -1);
        String[] levels = topic.split("/", -1);
        if (topic.startsWith("$") && !filter.startsWith("$")) {
            return false; // [MQTT-4.7.2-1]
        }
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals("#")) {
                return true; // also when i == levels.length: the parent level
            }
            if (i >= levels.length || !wanted[i].equals("+") && !wanted[i].equals(levels[i])) {
                return false;
            }
        }
        return wanted.length == levels.length;
    }
}
