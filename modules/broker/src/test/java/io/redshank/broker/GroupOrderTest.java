package io.redshank.broker;

import static io.redshank.broker.Messages.id;
import static io.redshank.broker.Messages.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.model.Qos;
import io.redshank.model.TopicName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** How far the bookmarks of a shared subscription move. */
class GroupOrderTest {
    private static final TopicName TOPIC = new TopicName("t");
    private static final ClientId CLIENT = new ClientId("c");
    private static final NodeName HERE = new NodeName("here");
    private static final NodeName THERE = new NodeName("there");

    private final GroupOrder order = new GroupOrder();

    @Test
    void bookmark_movesOverWhatIsSettled_upToTheFirstThatIsNot() {
        deal(1, 2, 3, 4);
        order.settle(id(3), CLIENT, 1);
        assertThat(order.takeMoved()).isEmpty();
        order.settle(id(1), CLIENT, 1);
        assertThat(bookmark()).isEqualTo(1);
        order.settle(id(2), CLIENT, 1);
        assertThat(bookmark()).isEqualTo(3);
        assertThat(order.takeMoved()).as("once").isEmpty();
        order.settle(id(4), CLIENT, 1);
        assertThat(bookmark()).isEqualTo(4);
        assertThat(order.size()).isZero();
    }

    @Test
    void settling_isForTheHolderOnly() {
        deal(1);
        assertThat(order.settle(id(1), CLIENT, 2)).isFalse();
        assertThat(order.settle(id(1), new ClientId("d"), 1)).isFalse();
        assertThat(order.settle(id(2), CLIENT, 1)).isFalse();
        assertThat(order.settle(id(1), CLIENT, 1)).isTrue();
    }

    @Test
    void messageThatComesBack_isNobodys_untilItIsGivenAgain() {
        deal(1);
        assertThat(order.takeBack(id(1), CLIENT, 2)).isNull();
        assertThat(order.takeBack(id(1), CLIENT, 1)).isEqualTo(message("t", 1, Qos.EXACTLY_ONCE));
        assertThat(order.settle(id(1), CLIENT, 1)).isFalse();
        order.give(id(1), new GroupOrder.Holder(CLIENT, 2, HERE));
        assertThat(order.settle(id(1), CLIENT, 2)).isTrue();
    }

    @Test
    void nodesThatAreGone_loseWhatIsNotSettled() {
        deal(1, 2);
        order.give(id(2), new GroupOrder.Holder(CLIENT, 1, THERE));
        order.settle(id(1), CLIENT, 1);
        assertThat(order.takeBack(HERE::equals)).isEmpty();
        assertThat(order.takeBack(THERE::equals)).containsExactly(message("t", 2, Qos.EXACTLY_ONCE));
        assertThat(order.takeBack(THERE::equals)).as("once").isEmpty();
    }

    @Test
    void moved_namesTheMessagesAtQos2() {
        deal(1, 2);
        order.add(message("t", 3, Qos.AT_LEAST_ONCE));
        order.give(id(3), new GroupOrder.Holder(CLIENT, 1, HERE));
        order.addSettled(message("t", 4, Qos.EXACTLY_ONCE));
        List.of(1, 2, 3).forEach(number -> order.settle(id(number), CLIENT, 1));
        assertThat(order.takeMoved())
                .isEqualTo(Map.of(TOPIC, new GroupOrder.Moved(id(4), List.of(id(1), id(2), id(4)))));
    }

    private void deal(int... numbers) {
        for (int number : numbers) {
            order.add(message("t", number, Qos.EXACTLY_ONCE));
            order.give(id(number), new GroupOrder.Holder(CLIENT, 1, HERE));
        }
    }

    private int bookmark() {
        GroupOrder.Moved moved = Objects.requireNonNull(order.takeMoved().get(TOPIC));
        return Integer.parseInt(moved.bookmark().value());
    }
}
