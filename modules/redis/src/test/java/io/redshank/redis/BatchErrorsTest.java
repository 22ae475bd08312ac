package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The folded error of a batch. */
class BatchErrorsTest {
    @Test
    void lines_areTheFailuresOfTheirCommands() {
        Map<Integer, RedisFailure> failures =
                BatchErrors.read("ERR [1] WRONGTYPE Operation against\nERR [12] value is not an integer");
        assertThat(failures).containsOnlyKeys(1, 12);
        assertThat(failures)
                .extractingByKey(1)
                .hasToString(RedisFailure.class.getName() + ": WRONGTYPE Operation against");
        assertThat(failures)
                .extractingByKey(12)
                .hasToString(RedisFailure.class.getName() + ": ERR value is not an integer");
    }

    @Test
    void connectionThatEnded_isNoFailureOfCommands() {
        assertThat(BatchErrors.read("ERR [0] WRONGTYPE x\nERR [1] CONNECTION_CLOSED"))
                .isNull();
        assertThat(BatchErrors.read("ERR [0] java.net.SocketException: Connection reset"))
                .isNull();
        assertThat(BatchErrors.read("ERR [0] io.netty.channel.StacklessClosedChannelException"))
                .isNull();
    }
}
