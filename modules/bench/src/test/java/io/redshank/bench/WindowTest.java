package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(3, 2);

    @Test
    void fullWindow_hasNoRoomUntilAllPartiesToTheOldestSettled() {
        window.enter();
        window.enter();
        window.enter();
        assertThat(window.hasRoom()).isFalse();
        window.settle(0);
        window.settle(1);
        window.settle(1);
        assertThat(window.hasRoom()).isFalse();
        window.settle(0);
        assertThat(window.hasRoom()).isTrue();
        assertThat(window.isEmpty()).isFalse();
    }

    @Test
    void messagesOnTheirWay_haveDifferentSlots() {
        assertThat(Window.slots(1)).isEqualTo(1);
        assertThat(Window.slots(3)).isEqualTo(4);
        assertThat(Window.slots(4)).isEqualTo(4);
        assertThat(Window.slots(32_768)).isEqualTo(32_768);
        assertThat(window.slot(6)).isEqualTo(2);
    }

    @Test
    void settledSlot_isTheMessagesOwn() {
        window.enter();
        window.settleSlot(window.slot(0));
        window.settle(0);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void messageThatIsNotOnItsWay_cannotSettle() {
        assertThatThrownBy(() -> window.settle(0)).isInstanceOf(BenchFailedException.class);
    }
}
