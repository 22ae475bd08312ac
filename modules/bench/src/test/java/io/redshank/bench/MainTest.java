package io.redshank.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    private final StringWriter errors = new StringWriter();

    @Test
    void brokerElsewhere_isRefusedUnlessAllowed() {
        assertThat(run("pairs", "--host", "192.0.2.1")).isEqualTo(2);
        assertThat(errors.toString()).contains("--allow-remote");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--qos 3",
                "--size 23",
                "--window 0",
                "--window 40000",
                "--clients 0",
                "--threads 11",
                "--seconds 200"
            })
    void impossibleOption_isWrongUsage(String option) {
        String[] words = option.split(" ", -1);
        assertThat(run("pairs", words[0], words[1])).isEqualTo(2);
        assertThat(errors.toString()).contains(words[0]);
    }

    @Test
    void noScenario_isWrongUsage() {
        assertThat(run()).isEqualTo(2);
        assertThat(errors.toString()).contains("pairs, fan-in, fan-out or drain");
    }

    @Test
    void nobodyListening_fails() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(run("pairs", "--port", Integer.toString(port))).isEqualTo(1);
        assertThat(errors.toString()).startsWith("FAILED: ");
    }

    @Test
    void brokerThatNeverAnswers_failsAtTheTimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(silent.getLocalPort());
            assertThat(run("fan-in", "--port", port, "--seconds", "0.1", "--warmup", "0", "--timeout", "0.3"))
                    .isEqualTo(1);
            assertThat(errors.toString()).contains("not finished within 0.3 s");
        }
    }

    private int run(String... arguments) {
        return new CommandLine(new Main()).setErr(new PrintWriter(errors, true)).execute(arguments);
    }
}
