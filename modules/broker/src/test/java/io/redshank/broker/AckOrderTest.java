package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AckOrderTest {
    private static final TopicName TOPIC = new TopicName("t");

    private final List<Long> passed = new ArrayList<>();
    private final AckOrder order = new AckOrder(passed::add);

    @Test
    void ackOutOfOrder_movesTheBookmarkOnlyWhenTheGapCloses() {
        sent(1, 2, 3);
        assertThat(order.acked(TOPIC, id(2))).isNull();
        assertThat(passed).isEmpty();
        assertThat(order.acked(TOPIC, id(1))).isEqualTo(id(2));
        assertThat(passed).containsExactly(1L, 2L);
        assertThat(order.acked(TOPIC, id(3))).isEqualTo(id(3));
    }

    @Test
    void topics_moveByThemselves() {
        TopicName other = new TopicName("other");
        sent(1);
        order.sent(other, id(2), 2);
        assertThat(order.acked(other, id(2))).isEqualTo(id(2));
    }

    @Test
    void ackOfWhatWasNotSent_movesNothing() {
        assertThat(order.acked(TOPIC, id(1))).isNull();
        sent(1);
        assertThat(order.acked(TOPIC, id(9))).isNull();
        assertThat(order.acked(TOPIC, id(1))).isEqualTo(id(1));
        assertThat(order.acked(TOPIC, id(1))).isNull();
    }

    @Test
    void messageSentAgain_isUnderwayUntilEachIsAcknowledged() {
        sent(1, 2, 1);
        assertThat(order.isUnderway(TOPIC, id(1))).isTrue();
        assertThat(order.acked(TOPIC, id(1))).isEqualTo(id(1));
        assertThat(order.acked(TOPIC, id(2))).isEqualTo(id(2));
        assertThat(order.isUnderway(TOPIC, id(2))).isFalse();
    }

    @Test
    void bookmark_neverPassesWhatIsNotAcknowledgedAndNeverGoesBack() {
        long seed = new Random().nextLong();
        RandomGenerator random = new Random(seed);
        List<Integer> underway = new ArrayList<>();
        Set<Integer> unacked = new HashSet<>();
        int bookmark = 0;
        int last = 0;
        for (int round = 0; round < 20_000; round++) {
            if (underway.size() < 20 && random.nextBoolean()) {
                last++;
                sent(last);
                underway.add(last);
                unacked.add(last);
            } else if (!underway.isEmpty()) {
                int acked = underway.remove(random.nextInt(underway.size()));
                unacked.remove(acked);
                MessageId moved = order.acked(TOPIC, id(acked));
                int lowest = unacked.stream().mapToInt(one -> one).min().orElse(last + 1);
                if (moved != null) {
                    int to = Integer.parseInt(moved.value());
                    assertThat(to).as("seed %s", seed).isGreaterThan(bookmark).isEqualTo(lowest - 1);
                    bookmark = to;
                } else {
                    assertThat(lowest).as("seed %s", seed).isLessThan(acked);
                }
            }
        }
    }

    private void sent(int... numbers) {
        for (int number : numbers) {
            order.sent(TOPIC, id(number), number);
        }
    }

    private static MessageId id(int number) {
        return new MessageId("%020d".formatted(number));
    }
}
