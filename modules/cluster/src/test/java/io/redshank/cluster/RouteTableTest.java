package io.redshank.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final NodeName A = new NodeName("a@test");
    private static final NodeName B = new NodeName("b@test");

    private final RouteTable table = new RouteTable();

    @Test
    void topicThatNobodyWants_goesNowhere() {
        table.add(A, new TopicFilter("a/b"));
        table.add(A, new TopicFilter("x/+"));
        assertThat(nodesFor("a")).isEmpty();
        assertThat(nodesFor("a/b/c")).isEmpty();
    }

    @Test
    void node_isNamedOnce_howeverManyFiltersMatch() {
        List.of("a/b", "a/+", "a/#", "#", "+/b").forEach(filter -> table.add(A, new TopicFilter(filter)));
        table.add(B, new TopicFilter("a/b"));
        assertThat(nodesFor("a/b")).containsExactlyInAnyOrder(A, B);
        assertThat(nodesFor("a")).containsExactly(A);
    }

    @Test
    void filterWithHash_matchesItsParent_andNothingThatBeginsWithDollar() {
        table.add(A, new TopicFilter("sport/#"));
        table.add(B, new TopicFilter("#"));
        assertThat(nodesFor("sport")).containsExactlyInAnyOrder(A, B);
        assertThat(nodesFor("$sport/x")).isEmpty();
    }

    @Test
    void removedFilter_isGone_andOthersStay() {
        table.add(A, new TopicFilter("a/+"));
        table.add(A, new TopicFilter("a/b"));
        table.remove(A, new TopicFilter("a/b"));
        assertThat(nodesFor("a/b")).containsExactly(A);
        table.remove(A, new TopicFilter("a/+"));
        assertThat(nodesFor("a/b")).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void droppedNode_wantsNothing() {
        List.of("a/b", "a/#").forEach(filter -> table.add(A, new TopicFilter(filter)));
        table.add(B, new TopicFilter("a/b"));
        table.drop(A);
        assertThat(nodesFor("a/b")).containsExactly(B);
    }

    @Test
    void whatIsToldAnew_replacesWhatWasToldBefore() {
        List.of("a", "b", "c/#").forEach(filter -> table.add(A, new TopicFilter(filter)));
        table.keepOnly(A, Set.of(new TopicFilter("b")));
        assertThat(nodesFor("a")).isEmpty();
        assertThat(nodesFor("c/d")).isEmpty();
        assertThat(nodesFor("b")).containsExactly(A);
    }

    @Test
    void anyFilters_areFoundAsTheRuleSays() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<TopicFilter> wanted = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            TopicFilter filter = randomFilter(random);
            if (random.nextBoolean()) {
                table.add(A, filter);
                wanted.add(filter);
            } else {
                table.remove(A, filter);
                wanted.remove(filter);
            }
            TopicName topic = randomTopic(random);
            assertThat(table.nodesFor(topic))
                    .as("%s of %s, seed %d", topic, wanted, seed)
                    .isEqualTo(wanted.stream().anyMatch(one -> one.matches(topic)) ? List.of(A) : List.of());
        }
    }

    /** A reader on another thread must find what is there all the time, whatever comes and goes around it. */
    @Test
    void readers_seeWhatStays_whileOtherFiltersChange() throws Exception {
        table.add(A, new TopicFilter("stays/+/x"));
        table.add(A, new TopicFilter("stays/too"));
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong missed = new AtomicLong();
        AtomicLong reads = new AtomicLong();
        Thread reader = new Thread(() -> {
            while (!over.get() || reads.get() < 10_000) {
                reads.incrementAndGet();
                if (!nodesFor("stays/1/x").contains(A) || !nodesFor("stays/too").contains(A)) {
                    missed.incrementAndGet();
                }
            }
        });
        reader.start();
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            TopicFilter filter = new TopicFilter("stays/" + random.nextInt(3) + (random.nextBoolean() ? "/x" : "/+"));
            if (random.nextBoolean()) {
                table.add(B, filter);
            } else {
                table.remove(B, filter);
            }
        }
        over.set(true);
        reader.join();
        assertThat(missed).hasValue(0);
    }

    private List<NodeName> nodesFor(String topic) {
        return table.nodesFor(new TopicName(topic));
    }

    private static TopicFilter randomFilter(Random random) {
        StringBuilder filter = new StringBuilder();
        int levels = 1 + random.nextInt(3);
        for (int level = 0; level < levels; level++) {
            filter.append(level == 0 ? "" : "/").append(random.nextInt(4) == 0 ? "+" : "" + random.nextInt(3));
        }
        return new TopicFilter(filter + (random.nextInt(5) == 0 ? "/#" : ""));
    }

    private static TopicName randomTopic(Random random) {
        StringBuilder topic = new StringBuilder().append(random.nextInt(3));
        for (int level = random.nextInt(3); level > 0; level--) {
            topic.append('/').append(random.nextInt(3));
        }
        return new TopicName(topic.toString());
    }
}
