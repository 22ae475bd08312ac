package io.redshank.testkit;

import io.redshank.embedded.RedisBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A master, a replica, and one sentinel that calls the master {@value #MASTER_NAME} and gives it up after a second. */
public final class SentinelFixture implements AutoCloseable {
    /** The name of the master. */
    public static final String MASTER_NAME = "mymaster";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final RedisFixture master;
    private final RedisFixture replica;
    private final Process sentinel;
    private final int sentinelPort;

    private SentinelFixture(RedisFixture master, RedisFixture replica, Process sentinel, int sentinelPort) {
        this.master = master;
        this.replica = replica;
        this.sentinel = sentinel;
        this.sentinelPort = sentinelPort;
    }

    /** Starts the three, and waits until the sentinel knows both servers. */
    public static SentinelFixture start() {
        RedisFixture master = RedisFixture.start();
        RedisFixture replica = RedisFixture.start();
        replica.command("REPLICAOF", master.host(), Integer.toString(master.port()));
        await("the replica follows the master", () -> info(replica).contains("master_link_status:up"));
        try {
            int port = freePort();
            SentinelFixture fixture = new SentinelFixture(master, replica, startSentinel(master, port), port);
            await("the sentinel knows the replica", fixture::isComplete);
            return fixture;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The first master, which {@link RedisFixture#kill} makes the sentinel replace. */
    public RedisFixture master() {
        return master;
    }

    /** The server that becomes the master when the first one is gone. */
    public RedisFixture replica() {
        return replica;
    }

    /** Where the sentinel listens, on 127.0.0.1. */
    public int sentinelPort() {
        return sentinelPort;
    }

    /** Kills the master and waits until the replica has taken its place. */
    public void failOver() {
        master.kill();
        await("the replica is the master", () -> info(replica).contains("role:master"));
    }

    @Override
    public void close() {
        sentinel.destroyForcibly().onExit().join();
        replica.close();
        master.close();
    }

    private static Process startSentinel(RedisFixture master, int port) throws IOException {
        Path directory = master.directory();
        Path config = Files.write(
                directory.resolve("sentinel.conf"),
                List.of(
                        "port " + port,
                        "bind 127.0.0.1",
                        "dir " + directory,
                        "sentinel monitor " + MASTER_NAME + " " + master.host() + " " + master.port() + " 1",
                        "sentinel down-after-milliseconds " + MASTER_NAME + " 1000",
                        "sentinel failover-timeout " + MASTER_NAME + " 5000"));
        Path binary = RedisBinary.find(System.getenv("PATH"), directory.resolve("bin"));
        return new ProcessBuilder(binary.toString(), config.toString(), "--sentinel")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("sentinel.log").toFile())
                .start();
    }

    private boolean isComplete() {
        try (RedisCli cli = RedisCli.withoutDatabase("127.0.0.1", sentinelPort)) {
            return cli.command("SENTINEL", "REPLICAS", MASTER_NAME) instanceof List<?> replicas && !replicas.isEmpty();
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private static String info(RedisFixture server) {
        try {
            return String.valueOf(server.command("INFO", "replication"));
        } catch (UncheckedIOException ended) { // a server that changes its role drops its clients
            return "";
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                throw new IllegalStateException("not within 10 s: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
