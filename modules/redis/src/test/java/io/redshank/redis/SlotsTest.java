package io.redshank.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Slots, as {@code CLUSTER KEYSLOT} tells them. */
class SlotsTest {
    @ParameterizedTest
    @CsvSource({
        "123456789, 12739",
        "foo, 12182",
        "'{user1000}.following', 3443",
        "'{user1000}.followers', 3443",
        "'foo{}{bar}', 8363",
        "'foo{{bar}}zap', 4015",
        "'foo{bar}{zap}', 5061"
    })
    void slot_isThatOfTheHashTag_ifThereIsOne(String key, int slot) {
        assertThat(Slots.of(key.getBytes(UTF_8))).isEqualTo(slot);
    }

    @Test
    void command_isInTheSlotOfItsKey() {
        assertThat(Slots.of(Request.cmd(Command.HSET, "foo", "field", "value"))).isEqualTo(12_182);
        assertThat(Slots.of(new Script("s", "return 1").call("foo", "argument")))
                .isEqualTo(12_182);
        assertThat(Slots.of(Request.cmd(Command.EVAL, "return 1", "1", "foo"))).isEqualTo(12_182);
        assertThat(Slots.of(Request.cmd(Command.create("hset"), "foo", "f", "v")))
                .isEqualTo(12_182);
        assertThat(Slots.of(Request.cmd(Command.PUBLISH, "foo", "message"))).isEqualTo(Slots.NONE);
        assertThat(Slots.of(Request.cmd(Command.PING))).isEqualTo(Slots.NONE);
    }
}
