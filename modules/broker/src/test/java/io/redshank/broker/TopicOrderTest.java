package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.MessageAccepted;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import org.junit.jupiter.api.Test;

class TopicOrderTest {
    private final TopicOrder order = new TopicOrder(2);

    private TopicOrder.Place note(String topic, int number, int previous) {
        return order.note(new MessageAccepted(
                Messages.message(topic, number, Qos.AT_LEAST_ONCE),
                previous == 0 ? null : Messages.id(previous),
                true));
    }

    @Test
    void messageBehindOneThatIsNotKnown_isAfterAGap() {
        assertThat(note("t", 2, 1)).as("the first one says nothing").isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 3, 2)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 6, 5)).isEqualTo(TopicOrder.Place.AFTER_A_GAP);
        assertThat(order.before()).isEqualTo(Messages.id(3));
        assertThat(note("t", 7, 6)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 8, 0)).as("the log was empty").isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 9, 3)).as("the log was cut").isEqualTo(TopicOrder.Place.NEXT);
    }

    @Test
    void messageThatIsNotBehindTheLast_isAgainOrLateOrEarly() {
        assertThat(note("t", 2, 1)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 5, 4)).isEqualTo(TopicOrder.Place.AFTER_A_GAP);
        assertThat(note("t", 4, 3)).isEqualTo(TopicOrder.Place.LATE);
        assertThat(note("t", 5, 4)).isEqualTo(TopicOrder.Place.AGAIN);
        assertThat(note("t", 1, 0)).as("not missed by anybody yet").isEqualTo(TopicOrder.Place.EARLY);
        assertThat(note("t", 6, 5)).as("late ones change nothing").isEqualTo(TopicOrder.Place.NEXT);
    }

    @Test
    void topics_areApartAndSoManyAreRemembered() {
        assertThat(note("a", 1, 0)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("b", 1, 0)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("a", 2, 1)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("c", 1, 0)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("a", 4, 3)).as("in use").isEqualTo(TopicOrder.Place.AFTER_A_GAP);
        assertThat(note("b", 4, 3)).as("forgotten").isEqualTo(TopicOrder.Place.NEXT);
    }

    /** Ids of applications cannot be compared. */
    @Test
    void idOfAnotherForm_isNext() {
        assertThat(note("t", 5, 4)).isEqualTo(TopicOrder.Place.NEXT);
        MessageAccepted foreign = new MessageAccepted(
                Messages.message("t", 9, Qos.AT_LEAST_ONCE).withId(new MessageId("z")), Messages.id(8), true);
        assertThat(order.note(foreign)).isEqualTo(TopicOrder.Place.NEXT);
        assertThat(note("t", 6, 5)).isEqualTo(TopicOrder.Place.NEXT);
    }
}
