package io.redshank.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server, with data in a temporary directory. */
class EmbeddedRedisTest {
    @TempDir
    Path directory;

    @Test
    void start_answersOnLoopback() {
        try (EmbeddedRedis redis = start(true)) {
            assertThat(ServerProbe.answers(redis.port())).isTrue();
            assertThat(directory.resolve("redis.pid")).hasContent(Long.toString(redis.pid()));
        }
    }

    @Test
    void preferredPort_isTakenIfFree() throws IOException {
        int free = ServerProbe.freePort(0);
        try (EmbeddedRedis redis = EmbeddedRedis.start(new EmbeddedRedisOptions(directory, free, false))) {
            assertThat(redis.port()).isEqualTo(free);
        }
    }

    @Test
    void preferredPort_isLeftToItsOwner() throws IOException {
        try (ServerSocket owner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                EmbeddedRedis redis =
                        EmbeddedRedis.start(new EmbeddedRedisOptions(directory, owner.getLocalPort(), false))) {
            assertThat(redis.port()).isNotEqualTo(owner.getLocalPort());
        }
    }

    @Test
    void data_surviveCloseAndStart() throws IOException {
        try (EmbeddedRedis redis = start(true)) {
            assertThat(ask(redis, "SET k kept")).isEqualTo("+OK");
        }
        try (EmbeddedRedis redis = start(true)) {
            assertThat(ask(redis, "GET k")).isEqualTo("$4");
        }
    }

    @Test
    void data_areGoneWithoutPersistence() throws IOException {
        try (EmbeddedRedis redis = start(false)) {
            assertThat(ask(redis, "SET k lost")).isEqualTo("+OK");
        }
        try (EmbeddedRedis redis = start(false)) {
            assertThat(ask(redis, "GET k")).isEqualTo("$-1");
        }
    }

    @Test
    void serverLeftBehind_isEndedByTheNextStart() throws Exception {
        Path binary = RedisBinary.find(System.getenv("PATH"), directory.resolve("bin"));
        Process orphan = redisServer(binary, directory);
        Files.writeString(directory.resolve("redis.pid"), Long.toString(orphan.pid()));
        try (EmbeddedRedis redis = start(true)) {
            assertThat(orphan.waitFor(0, TimeUnit.SECONDS)).isTrue();
            assertThat(ServerProbe.answers(redis.port())).isTrue();
        } finally {
            orphan.destroyForcibly().waitFor();
        }
    }

    @Test
    void foreignProcessUnderTheOldPid_isLeftAlone(@TempDir Path elsewhere) throws Exception {
        Path binary = RedisBinary.find(System.getenv("PATH"), directory.resolve("bin"));
        Process foreign = redisServer(binary, elsewhere);
        Files.writeString(directory.resolve("redis.pid"), Long.toString(foreign.pid()));
        try (EmbeddedRedis redis = start(true)) {
            assertThat(foreign.isAlive()).isTrue();
            assertThat(ServerProbe.answers(redis.port())).isTrue();
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    void runningServer_isFoundByItsDirectory() {
        assertThat(EmbeddedRedis.portOfRunning(directory)).isEqualTo(-1);
        try (EmbeddedRedis redis = start(true)) {
            assertThat(EmbeddedRedis.portOfRunning(directory)).isEqualTo(redis.port());
        }
        assertThat(EmbeddedRedis.portOfRunning(directory)).isEqualTo(-1);
    }

    @Test
    void secondOwner_isRefused() {
        try (EmbeddedRedis redis = start(true)) {
            assertThatThrownBy(() -> start(true).close())
                    .isInstanceOf(EmbeddedRedisException.class)
                    .hasMessageContaining("another node keeps its Redis in " + directory);
            assertThat(ServerProbe.answers(redis.port())).isTrue();
        }
    }

    @Test
    void close_endsTheServerAndMayBeRepeated() {
        EmbeddedRedis redis = start(true);
        redis.close();
        redis.close();
        assertThat(ProcessHandle.of(redis.pid()).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(directory.resolve("redis.pid")).doesNotExist();
    }

    @Test
    void bundledBinary_worksWithoutOneOnThePath() {
        EmbeddedRedisOptions options = new EmbeddedRedisOptions(directory, 0, false);
        for (int start = 1; start <= 2; start++) { // unpacked by the first, found by the second
            try (EmbeddedRedis redis = EmbeddedRedis.start(options, "/nowhere")) {
                assertThat(ServerProbe.answers(redis.port())).isTrue();
                assertThat(directory.resolve("bin")).isDirectoryContaining("glob:**/redis-server-*");
            }
        }
    }

    @Test
    void serverThatDoesNotStart_isReportedWithWhatItSays() throws IOException {
        Path path = Files.createDirectories(directory.resolve("path"));
        Path broken = Files.writeString(path.resolve("redis-server"), "#!/bin/sh\necho cannot do that\nexit 1\n");
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        assertThatThrownBy(() -> EmbeddedRedis.start(new EmbeddedRedisOptions(directory, 0, false), path.toString())
                        .close())
                .isInstanceOf(EmbeddedRedisException.class)
                .hasMessageContaining("cannot do that");
    }

    private EmbeddedRedis start(boolean persistent) {
        return EmbeddedRedis.start(new EmbeddedRedisOptions(directory, 0, persistent));
    }

    private static Process redisServer(Path binary, Path directory) throws IOException {
        return new ProcessBuilder(binary.toString(), "--port", Integer.toString(ServerProbe.freePort(0)), "--save", "")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The first line of the answer to an inline command. */
    private static String ask(EmbeddedRedis redis, String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
            StringBuilder line = new StringBuilder();
            for (int c = socket.getInputStream().read();
                    c != '\r' && c >= 0;
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
            return line.toString();
        }
    }
}
