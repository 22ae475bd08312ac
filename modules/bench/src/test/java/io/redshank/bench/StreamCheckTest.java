package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StreamCheckTest {
    private final Window window = new Window(8, 1);
    private final StreamCheck check = new StreamCheck(window);

    @Test
    void everythingInOrder_isClean() {
        send(3);
        receive(0, 1, 2);
        assertThat(figures()).containsExactly(0L, 0L, 0L);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void gap_isLostAndLeavesTheWindow() {
        send(4);
        receive(0, 3);
        assertThat(figures()).containsExactly(2L, 0L, 0L);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void missingTail_isLostAndStaysInTheWindow() {
        send(4);
        receive(0, 1);
        assertThat(figures()).containsExactly(2L, 0L, 0L);
        assertThat(window.isEmpty()).isFalse();
    }

    @Test
    void lateMessage_isMisorderedNotLost() {
        send(3);
        receive(0, 2, 1);
        assertThat(figures()).containsExactly(0L, 0L, 1L);
    }

    @Test
    void messageReceivedAgain_isDuplicated() {
        send(3);
        receive(0, 1, 2);
        assertThat(check.received(1)).isFalse();
        assertThat(check.received(2)).isFalse();
        assertThat(figures()).containsExactly(0L, 2L, 0L);
    }

    @Test
    void lateMessageReceivedAgain_isBothMisorderedAndDuplicated() {
        send(2);
        receive(1, 0);
        assertThat(check.received(0)).isFalse();
        assertThat(figures()).containsExactly(0L, 1L, 1L);
    }

    @Test
    void messageThatWasNeverSent_endsTheRun() {
        send(1);
        assertThatThrownBy(() -> receive(1)).isInstanceOf(BenchFailedException.class);
    }

    private void send(int messages) {
        for (int i = 0; i < messages; i++) {
            window.enter();
        }
    }

    private void receive(long... sequences) {
        for (long sequence : sequences) {
            assertThat(check.received(sequence)).isTrue();
        }
    }

    private long[] figures() {
        return new long[] {check.lost(), check.duplicated(), check.misordered()};
    }
}
