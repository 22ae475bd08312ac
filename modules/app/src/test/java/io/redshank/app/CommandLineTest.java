package io.redshank.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void check_tellsWhatWouldStart() {
        assertThat(execute("--check", "--set", "node.event_loops=2")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("configuration is valid: node redshank@127.0.0.1, roles"
                        + " mqtt,connection,messages,retained,acks, listeners tcp://127.0.0.1:1883, pools pool1 (embedded),"
                        + " 12 hook entries");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void check_printsEveryErrorAndFails() {
        assertThat(execute("run", "--check", "--set", "node.x=1", "--set", "mqtt.max_inflight=0"))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "node.x: found an unknown key, allowed: data, drain_rate, drain_within, event_loops, instances, name, roles, verticles",
                        "mqtt.max_inflight: found 0, allowed: a whole number from 1 to 65535");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void optionsBeforeRun_count() {
        assertThat(execute("--check", "--set", "node.name=a@b", "run", "--set", "mqtt.listeners[0].port=7"))
                .isZero();
        assertThat(out.toString()).contains("node a@b,", "tcp://127.0.0.1:7,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--nonsense",
                "--set",
                "--set=novalue",
                "nonsense",
                "import-emqx",
                "scram-user",
                "explain",
                "message",
                "drain --within=0",
                "drain --node=a\tb"
            })
    void usageError_isOneLine(String argument) {
        assertThat(execute(argument.split(" "))).isEqualTo(2);
        assertThat(err.toString().lines()).singleElement().asString().startsWith("redshank: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "run --help",
                "run --version",
                "import-emqx --help",
                "scram-user --help",
                "doctor --help",
                "explain --help",
                "message --help",
                "drain --help"
            })
    void helpAndVersion_workEverywhere(String arguments) {
        assertThat(execute(arguments.split(" "))).isZero();
        assertThat(out.toString()).contains("redshank");
    }

    @Test
    void importedFile_passesTheCheck() throws Exception {
        Path conf = Files.writeString(
                directory.resolve("emqx.conf"),
                "backend.redis.pool1.server = 10.0.0.1:6379\nbackend.redis.hook.client.connected.1 ="
                        + " {\"action\": {\"function\": \"on_client_connected\"}, \"pool\": \"pool1\"}\n");
        assertThat(execute("import-emqx", conf.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        Path imported = Files.writeString(directory.resolve("imported.json"), out.toString());
        assertThat(execute("--check", "--conf", imported.toString())).isZero();
        assertThat(out.toString()).endsWith("pools pool1 (10.0.0.1:6379), 1 hook entries" + System.lineSeparator());
    }

    @Test
    void importOfNothing_fails() throws Exception {
        Path conf = Files.writeString(directory.resolve("empty.conf"), "## nothing\n");
        assertThat(execute("import-emqx", conf.toString())).isEqualTo(1);
        assertThat(err.toString()).endsWith("found no setting of the Redis backend" + System.lineSeparator());
        assertThat(execute("import-emqx", directory.resolve("missing").toString()))
                .isEqualTo(1);
    }

    private int execute(String... arguments) {
        CommandLine commands = Main.commandLine(directory, Map.of());
        return commands.setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
