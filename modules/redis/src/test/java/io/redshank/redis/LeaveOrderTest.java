package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.NodeName;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaveOrderTest {
    private static final LeaveOrder ORDER = new LeaveOrder(new NodeRun(new NodeName("n"), 12));

    @Test
    void orderForARun_isKnownByIt() {
        assertThat(ORDER.isSaidBy(Buffer.buffer("leave 12"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "leave", "leave ", "leave 1", "leave 13", "leave 123", "leave 12 ", "prompt leave 12"})
    void anythingElse_isNot(String message) {
        assertThat(ORDER.isSaidBy(Buffer.buffer(message))).isFalse();
    }
}
