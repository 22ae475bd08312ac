package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.embedded.EmbeddedRedis;
import io.redshank.embedded.EmbeddedRedisOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A fresh Redis server for a test class: start it in a static field or in {@code @BeforeAll}, close it in {@code @AfterAll}. Its
 * data are gone when it is closed. Not for several threads.
 */
public final class RedisFixture implements AutoCloseable {
    private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+)");

    private final Path directory;
    private final boolean persistent;
    private EmbeddedRedis server;
    private @Nullable RedisCli cli;
    private int database;

    private RedisFixture(Path directory, boolean persistent, int port) {
        this.directory = directory;
        this.persistent = persistent;
        this.server = EmbeddedRedis.start(new EmbeddedRedisOptions(directory, port, persistent));
    }

    /** A server that keeps nothing over a restart. */
    public static RedisFixture start() {
        return start(false);
    }

    /** A server whose data may survive {@link #restart}. */
    public static RedisFixture start(boolean persistent) {
        try {
            return new RedisFixture(Files.createTempDirectory("redshank-redis"), persistent, 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Always 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The same over restarts. */
    public int port() {
        return server.port();
    }

    /** {@code host:port}. */
    public String address() {
        return host() + ":" + port();
    }

    /** Where its data and its log are. */
    public Path directory() {
        return directory;
    }

    /** The database of the commands from now on; 0 at first. */
    public void select(int number) {
        disconnect();
        database = number;
    }

    /**
     * The reply to a command as text; see {@link RedisCli#command}. Fails if the server has ended the connection meanwhile; the
     * next command has a new one.
     */
    @CanIgnoreReturnValue
    public @Nullable Object command(String... args) {
        try {
            return cli().command(args);
        } catch (UncheckedIOException ended) {
            disconnect();
            throw ended;
        }
    }

    /** The reply to a command in bytes; see {@link RedisCli#binary}. */
    @CanIgnoreReturnValue
    public @Nullable Object binary(Object... args) {
        try {
            return cli().binary(args);
        } catch (UncheckedIOException ended) {
            disconnect();
            throw ended;
        }
    }

    /** The fields of a hash, in the order of Redis; empty if there is none. */
    public Map<String, String> hash(String key) {
        List<?> reply = (List<?>) command("HGETALL", key);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; reply != null && i < reply.size(); i += 2) {
            fields.put(String.valueOf(reply.get(i)), String.valueOf(reply.get(i + 1)));
        }
        return fields;
    }

    /**
     * How often each command was executed since the last {@code CONFIG RESETSTAT}, by its name in small letters, those inside of
     * scripts too; without those that ask for this.
     */
    public Map<String, Long> commandCalls() {
        Map<String, Long> calls = new TreeMap<>();
        Matcher lines = CALLS.matcher(String.valueOf(command("INFO", "commandstats")));
        while (lines.find()) {
            calls.put(lines.group(1), Long.parseLong(lines.group(2)));
        }
        calls.keySet().removeIf(name -> name.equals("info") || name.startsWith("config|"));
        return calls;
    }

    /** Another connection, to be closed by the caller, for example to block on it or to log in. */
    public RedisCli connect() {
        return new RedisCli(host(), port(), database);
    }

    /** Stops the server without ending it: connections stay, nothing is answered. */
    public void freeze() {
        signal("STOP");
    }

    /** Ends {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    /** Kills the server; its port answers nobody until {@link #restart}. */
    public void kill() {
        signal("KILL");
        disconnect();
        server.close();
    }

    /** Ends the server if it still runs, and starts it again on the same port. */
    public void restart() {
        int port = port();
        disconnect();
        thaw();
        server.close();
        server = EmbeddedRedis.start(new EmbeddedRedisOptions(directory, port, persistent));
        if (server.port() != port) {
            throw new IllegalStateException("port " + port + " was taken by somebody else during the restart");
        }
    }

    @Override
    public void close() {
        disconnect();
        thaw();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private RedisCli cli() {
        RedisCli open = cli;
        if (open == null) {
            open = connect();
            cli = open;
        }
        return open;
    }

    private void disconnect() {
        if (cli != null) {
            cli.close();
            cli = null;
        }
    }

    private void signal(String name) {
        Signals.send(name, server.pid());
    }
}
