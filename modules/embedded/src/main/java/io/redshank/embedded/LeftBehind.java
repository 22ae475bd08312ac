package io.redshank.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The redis-server of an owner that was killed before it could end it. Known by its pid file, and ended before a new start. */
final class LeftBehind {
    private static final Logger log = LoggerFactory.getLogger(LeftBehind.class);
    private static final long PATIENCE_SECONDS = 10;

    private LeftBehind() {}

    /** Ends the server of this directory, if its pid file names one that lives. */
    static void end(Path directory, Path pidFile) throws IOException, InterruptedException {
        Optional<ProcessHandle> process =
                pidIn(pidFile).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        if (process.isPresent() && isServerOf(directory, process.get())) {
            log.info(
                    "Ending the Redis that a killed node left behind [pid={}]",
                    process.get().pid());
            end(process.get());
        }
        Files.deleteIfExists(pidFile);
    }

    /** Whether the server of this directory, which its pid file names, lives. */
    static boolean isAlive(Path directory, Path pidFile) throws IOException {
        Optional<ProcessHandle> process =
                pidIn(pidFile).flatMap(ProcessHandle::of).filter(ProcessHandle::isAlive);
        return process.isPresent() && isServerOf(directory, process.get());
    }

    /** Asks it to end, which writes what it has; kills it if it does not. */
    static void end(ProcessHandle process) throws InterruptedException {
        if (!process.isAlive() || process.destroy() && endsInTime(process)) {
            return;
        }
        log.warn("Redis does not end, killing it [pid={}]", process.pid());
        boolean killed = process.destroyForcibly();
        if (!endsInTime(process)) {
            log.error("Redis cannot be killed [pid={}, asked={}]", process.pid(), killed);
        }
    }

    private static boolean endsInTime(ProcessHandle process) throws InterruptedException {
        try {
            return !process.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS).isAlive();
        } catch (TimeoutException | ExecutionException late) {
            return !process.isAlive();
        }
    }

    private static Optional<Long> pidIn(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(Files.readString(pidFile).trim()));
        } catch (NumberFormatException damaged) {
            return Optional.empty();
        }
    }

    /**
     * Pids are given again, so the number alone proves nothing: it must be a Redis, and one that works in our directory. Where
     * the system does not tell the working directory, the name has to do.
     */
    private static boolean isServerOf(Path directory, ProcessHandle process) throws IOException {
        Path cwd = Path.of("/proc", Long.toString(process.pid()), "cwd");
        if (!Files.exists(cwd)) {
            return process.info().command().map(LeftBehind::isServer).orElse(false);
        }
        Path executable = Path.of("/proc", Long.toString(process.pid()), "exe");
        return isServer(Files.readSymbolicLink(executable).toString()) && Files.isSameFile(cwd, directory);
    }

    private static boolean isServer(String command) {
        Path file = Path.of(command).getFileName();
        String name = file == null ? "" : file.toString();
        return name.startsWith("redis-") || name.startsWith("valkey-");
    }
}
