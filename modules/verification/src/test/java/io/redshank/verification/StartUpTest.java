package io.redshank.verification;

import static io.redshank.testkit.Packets.DISCONNECT;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.Packets;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.redshank.testkit.RedisFixture;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start asks Redis for nothing that grows with what is stored. */
class StartUpTest {
    private static final int FEW = 300;
    private static final int MANY = 3000;
    /** What a start and a first client cost, give or take: some of it is done once in a second. */
    private static final long SPREAD = 150;

    /** Copies what one session, one log and one retained message are in Redis so many times. */
    private static final String MULTIPLY = """
            for i = ARGV[1] + 0, ARGV[2] + 0 do
              for _, key in ipairs({'mqtt:session:', 'mqtt:sub:', 'mqtt:client:'}) do
                redis.call('COPY', key .. 'one', key .. 'one' .. i)
              end
              redis.call('COPY', 'mqtt:acked:one:t/one', 'mqtt:acked:one' .. i .. ':t/one')
              redis.call('ZADD', 'mqtt:sessions:due', redis.call('ZSCORE', 'mqtt:sessions:due', 'one'), 'one' .. i)
              redis.call('COPY', 'mqtt:msg:t/one', 'mqtt:msg:t/one' .. i)
              redis.call('ZADD', 'mqtt:topics:log', redis.call('ZSCORE', 'mqtt:topics:log', 't/one'), 't/one' .. i)
              redis.call('COPY', 'mqtt:retain:t/one', 'mqtt:retain:t/one' .. i)
              redis.call('ZADD', 'mqtt:topics:retained', '0', 't' .. string.char(0) .. 'one' .. i)
            end
            """;

    @TempDir
    private Path directory = Path.of("");

    private final RedisFixture redis = RedisFixture.start();

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void start_costsTheSame_whateverIsStored() {
        redis.select(1);
        NodeSetup setup = NodeSetup.in(directory).redis(redis.address()).port(NodeProcess.freePort());
        leaveOneOfAll(setup);
        multiply(1, FEW);
        Map<String, Long> few = commandsOfAStart(setup);
        multiply(FEW + 1, MANY);

        Map<String, Long> many = commandsOfAStart(setup);

        assertThat(sum(many))
                .as("%s with %s of all, %s with %s", few, FEW, many, MANY)
                .isLessThan(sum(few) + SPREAD);
    }

    private void leaveOneOfAll(NodeSetup setup) {
        try (NodeProcess node = NodeProcess.start(setup)) {
            try (RawMqtt device =
                    RawMqtt.connected(node.port(), 5, ConnectPacket.of(5, "one").expiry(3600))) {
                device.subscribed("t/one", 1).subscribed("u/#", 1);
                device.send(DISCONNECT).expectClosed();
            }
            try (RawMqtt publisher = RawMqtt.connected(node.port(), 4, ConnectPacket.of(4, "publisher"))) {
                publisher
                        .send(Packets.publish(4, 0x33, "t/one", 7, new byte[] {1}))
                        .next(RawPacket.PUBACK);
                publisher.send(DISCONNECT).expectClosed();
            }
            node.stop();
        }
        for (String key :
                new String[] {"session:one", "sub:one", "client:one", "acked:one:t/one", "msg:t/one", "retain:t/one"}) {
            assertThat(redis.command("EXISTS", "mqtt:" + key)).as(key).isEqualTo(1L);
        }
    }

    private void multiply(int from, int to) {
        redis.command("EVAL", MULTIPLY, "0", Integer.toString(from), Integer.toString(to));
        for (String index : new String[] {"mqtt:sessions:due", "mqtt:topics:log", "mqtt:topics:retained"}) {
            assertThat((Long) redis.command("ZCARD", index)).as(index).isGreaterThan((long) to);
        }
    }

    /** How often each command was executed until a first client is served, but for the walk that finds what others retained. */
    private Map<String, Long> commandsOfAStart(NodeSetup setup) {
        redis.command("CONFIG", "RESETSTAT");
        try (NodeProcess node = NodeProcess.start(setup)) {
            try (RawMqtt device =
                    RawMqtt.connected(node.port(), 5, ConnectPacket.of(5, "new").expiry(3600))) {
                device.subscribed("t/one2", 1);
            }
            Map<String, Long> calls = new TreeMap<>(redis.commandCalls());
            calls.remove("scan");
            calls.remove("zadd");
            node.stop();
            return calls;
        }
    }

    private static long sum(Map<String, Long> calls) {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }
}
