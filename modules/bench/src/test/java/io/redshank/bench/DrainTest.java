package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.bench.KeepingBroker.Flaw;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class DrainTest {
    private static final int SESSIONS = 50;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @ParameterizedTest
    @CsvSource({"1,exact", "1,wildcard", "2,exact", "2,wildcard"})
    void brokerThatKeepsEverything_isClean(String qos, String filter) throws IOException {
        try (KeepingBroker broker = new KeepingBroker(Flaw.NONE)) {
            assertThat(drain(broker, "--qos", qos, "--filter", filter)).isZero();
            assertThat(output.toString())
                    .contains("\"drained\":50,\"delivered\":250", "\"lost\":0,\"duplicated\":0", "\"misordered\":0");
            assertThat(broker.sessions()).isZero();
        }
    }

    /** They take turns, in each of the steps. */
    @Test
    void fewerConnectionsThanSessions_areEnough() throws IOException {
        try (KeepingBroker broker = new KeepingBroker(Flaw.NONE)) {
            assertThat(drain(broker, "--open", "3", "--at-once", "2", "--qos", "2"))
                    .isZero();
            assertThat(broker.mostAtOnce()).isBetween(2, 4);
            assertThat(broker.sessions()).isZero();
        }
    }

    @Test
    void moreConnectionsThanSessions_stayUntilTheLastHasDrained() throws IOException {
        try (KeepingBroker broker = new KeepingBroker(Flaw.NONE)) {
            assertThat(drain(broker, "--at-once", "2")).isZero();
            assertThat(broker.mostAtOnce()).isGreaterThanOrEqualTo(SESSIONS);
        }
    }

    @Test
    void keptSessions_stayInTheBroker() throws IOException {
        try (KeepingBroker broker = new KeepingBroker(Flaw.NONE)) {
            assertThat(drain(broker, "--keep")).isZero();
            assertThat(broker.sessions()).isEqualTo(SESSIONS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LOSES,1,1,'\"lost\":1,\"duplicated\":0'",
        "LOSES,2,1,'\"lost\":1,\"duplicated\":0'",
        "REPEATS,1,0,'\"lost\":0,\"duplicated\":1'",
        "REPEATS,2,1,'\"lost\":0,\"duplicated\":1'",
        "SWAPS,1,1,'\"misordered\":1'",
        "FORGETS,1,1,'\"forgotten\":1'"
    })
    void flaw_isCountedAndFailsTheRun(Flaw flaw, String qos, int exitCode, String figure) throws IOException {
        try (KeepingBroker broker = new KeepingBroker(flaw)) {
            assertThat(drain(broker, "--qos", qos, "--stall", "0.3")).isEqualTo(exitCode);
            assertThat(output.toString()).contains(figure);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--qos 0",
                "--qos 3",
                "--sessions 0",
                "--backlog 0",
                "--size 23",
                "--window 0",
                "--at-once 0",
                "--open 0",
                "--open 2147483647",
                "--stall 0",
                "--filter some",
                "--host 192.0.2.1"
            })
    void impossibleOption_isWrongUsage(String option) {
        String[] words = option.split(" ", -1);
        assertThat(run(List.of("drain", words[0], words[1]))).isEqualTo(2);
        assertThat(errors.toString()).containsAnyOf(words[0], "--allow-remote");
    }

    private int drain(KeepingBroker broker, String... options) {
        List<String> arguments = new ArrayList<>(List.of("drain", "--json", "--port", Integer.toString(broker.port())));
        arguments.addAll(List.of("--sessions", Integer.toString(SESSIONS), "--backlog", "5"));
        arguments.addAll(List.of(options));
        return run(arguments);
    }

    private int run(List<String> arguments) {
        return new CommandLine(new Main())
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments.toArray(String[]::new));
    }
}
