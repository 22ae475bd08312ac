package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.redis.RedisFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an error reply means. */
class RedisFailureTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "LOADING Redis is loading the dataset in memory",
                "READONLY You can't write against a read only replica.",
                "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "CLUSTERDOWN The cluster is down",
                "TRYAGAIN Multiple keys request during rehashing of slot",
                "OOM command not allowed when used memory > 'maxmemory'.",
                "BUSY Redis is busy running a script.",
                "MISCONF Redis is configured to save RDB snapshots",
                "NOREPLICAS Not enough good replicas to write.",
                "NOSCRIPT No matching script.",
                "ERR Error running script (call to f_0): @user_script:1: -OOM command not allowed"
            })
    void notNow_isUnavailable(String reply) {
        assertThat(RedisFailure.ofReply(reply).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(RedisFailure.ofReply(reply)).hasMessage(reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WRONGTYPE Operation against a key holding the wrong kind of value",
                "ERR wrong number of arguments for 'set' command",
                "NOPERM this user has no permissions to run the 'set' command",
                "BUSYKEY Target key name already exists.",
                "BUSYGROUP Consumer Group name already exists",
                "ERR value is not an integer or out of range"
            })
    void error_isRejected(String reply) {
        assertThat(RedisFailure.ofReply(reply).kind()).isEqualTo(Kind.REJECTED);
    }

    @Test
    void unknownCommand_doesNotQuoteArguments() {
        RedisFailure failure =
                RedisFailure.ofReply("ERR unknown command 'STE', with args beginning with: 'k' 'secret payload' ");
        assertThat(failure).hasMessage("ERR unknown command 'STE'");
    }
}
