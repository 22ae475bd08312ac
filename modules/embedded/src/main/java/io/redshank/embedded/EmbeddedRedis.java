package io.redshank.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real redis-server as a child process, on loopback. It lives until {@link #close}; if its owner is killed instead, the next
 * start on the same directory ends it. Blocking: not for event loops.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);
    /** For others that want to know where it listens. */
    private static final String PORT_FILE = "redis.port";

    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_AGAIN_MILLIS = 10;
    /** How often another program may take the port that we have just found free. */
    private static final int PORT_ATTEMPTS = 3;

    private final DirectoryLock lock;
    private final Process process;
    private final int port;
    private final Path pidFile;

    private EmbeddedRedis(DirectoryLock lock, Process process, int port, Path pidFile) {
        this.lock = lock;
        this.process = process;
        this.port = port;
        this.pidFile = pidFile;
    }

    /** Starts a server and waits until it answers; it is that of the machine's PATH, or the one we bring along. */
    public static EmbeddedRedis start(EmbeddedRedisOptions options) {
        return start(options, System.getenv("PATH"));
    }

    /** The same with another search path for the server's binary. */
    static EmbeddedRedis start(EmbeddedRedisOptions options, @Nullable String path) {
        Path directory = options.directory();
        try {
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                Path pidFile = directory.resolve("redis.pid");
                LeftBehind.end(directory, pidFile);
                Path binary = RedisBinary.find(path, directory.resolve("bin"));
                return launch(options, inOwnSession(binary, path), lock, pidFile);
            } catch (IOException | InterruptedException | RuntimeException failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new EmbeddedRedisException("embedded Redis cannot use " + directory + ": " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new EmbeddedRedisException("interrupted while starting the embedded Redis", interrupted);
        }
    }

    /** The port of the server that runs on this directory, whoever has started it; -1 if none does. */
    public static int portOfRunning(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            Path portFile = absolute.resolve(PORT_FILE);
            if (!Files.exists(portFile) || !LeftBehind.isAlive(absolute, absolute.resolve("redis.pid"))) {
                return -1;
            }
            int port = Integer.parseInt(Files.readString(portFile).trim());
            return ServerProbe.answers(port) ? port : -1;
        } catch (IOException | NumberFormatException unreadable) {
            return -1;
        }
    }

    private static EmbeddedRedis launch(
            EmbeddedRedisOptions options, List<String> program, DirectoryLock lock, Path pidFile)
            throws IOException, InterruptedException {
        Path logFile = options.directory().resolve("redis.log");
        int preferred = options.preferredPort();
        for (int attempt = 1; attempt <= PORT_ATTEMPTS; attempt++) {
            int port = ServerProbe.freePort(preferred);
            Process process = spawn(options, program, port, logFile);
            Files.writeString(pidFile, Long.toString(process.pid()));
            Files.writeString(options.directory().resolve(PORT_FILE), Integer.toString(port));
            if (awaitAnswer(process, port)) {
                log.info("Embedded Redis started [port={}, pid={}, program={}]", port, process.pid(), program);
                return new EmbeddedRedis(lock, process, port, pidFile);
            }
            LeftBehind.end(process.toHandle());
            preferred = 0;
        }
        throw new EmbeddedRedisException(
                String.join(" ", program) + " does not start; it says in " + logFile + ":" + lastLines(logFile)
                        + "; repair that, or name a running Redis as the pool's server",
                null);
    }

    private static Process spawn(EmbeddedRedisOptions options, List<String> program, int port, Path logFile)
            throws IOException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port), "--daemonize", "no"));
        command.addAll(List.of("--dir", options.directory().toString(), "--logfile", logFile.toString()));
        command.addAll(List.of("--databases", "16", "--save", ""));
        command.addAll(List.of("--appendonly", options.persistent() ? "yes" : "no"));
        return new ProcessBuilder(command)
                .directory(options.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
    }

    /**
     * The server in a session of its own, where the system has the tool for it (it replaces itself by the server, so the pid is
     * the server's): Ctrl-C in the node's terminal is for the node, which needs Redis until it has drained.
     */
    private static List<String> inOwnSession(Path binary, @Nullable String path) {
        Path setsid = RedisBinary.onPath("setsid", path);
        return setsid == null ? List.of(binary.toString()) : List.of(setsid.toString(), binary.toString());
    }

    private static boolean awaitAnswer(Process process, int port) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < START_NANOS) {
            // Ends the wait at once when the server ends, for example because somebody has taken the port.
            if (process.waitFor(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
            if (ServerProbe.answers(port) && process.isAlive()) {
                return true;
            }
        }
        return false;
    }

    private static String lastLines(Path logFile) throws IOException {
        if (!Files.exists(logFile)) {
            return " nothing";
        }
        List<String> lines = Files.readAllLines(logFile);
        return " " + String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** The server's process. */
    public long pid() {
        return process.pid();
    }

    /** Ends the server in order, so that all it was told is in its file, and gives the directory free. May be repeated. */
    @Override
    public void close() {
        try {
            LeftBehind.end(process.toHandle());
            Files.deleteIfExists(pidFile);
            lock.close();
        } catch (IOException failure) {
            log.warn("Embedded Redis not cleared up [pid={}]", pid(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
