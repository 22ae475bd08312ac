package io.redshank.testkit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.redshank.embedded.RedisBinary;
import io.redshank.testkit.RedisCli.ErrorReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Redis Cluster of three masters, and a replica of the first one, on this machine. Not for several threads. */
public final class RedisClusterFixture implements AutoCloseable {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;
    private static final String HOST = "127.0.0.1";

    private final Path directory;
    private final List<Server> servers = new ArrayList<>();
    private final Map<Integer, RedisCli> clients = new LinkedHashMap<>();

    private record Server(int port, Process process) {}

    private RedisClusterFixture(Path directory) {
        this.directory = directory;
    }

    /** Starts them, and waits until the cluster serves all slots. */
    public static RedisClusterFixture start() {
        try {
            RedisClusterFixture fixture = new RedisClusterFixture(Files.createTempDirectory("redshank-redis-cluster"));
            for (int i = 0; i <= MASTERS; i++) {
                fixture.servers.add(fixture.launch(NodeProcess.freePort(), NodeProcess.freePort()));
            }
            fixture.form();
            return fixture;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Server launch(int port, int busPort) throws IOException {
        Path own = Files.createDirectory(directory.resolve(Integer.toString(port)));
        Path binary = RedisBinary.find(System.getenv("PATH"), directory.resolve("bin"));
        List<String> command = List.of(
                binary.toString(),
                "--bind",
                HOST,
                "--port",
                "" + port,
                "--cluster-port",
                "" + busPort,
                "--cluster-enabled",
                "yes",
                "--cluster-node-timeout",
                "1000",
                "--cluster-replica-validity-factor",
                "0",
                "--save",
                "",
                "--appendonly",
                "no",
                "--repl-diskless-sync-delay",
                "0");
        Process process = new ProcessBuilder(command)
                .directory(own.toFile())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("redis.log").toFile())
                .start();
        Eventually.until("a server of the cluster answers", () -> answers(port));
        return new Server(port, process);
    }

    private static boolean answers(int port) {
        try (RedisCli cli = RedisCli.withoutDatabase(HOST, port)) {
            return "PONG".equals(cli.command("PING"));
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void form() {
        for (int i = 0; i < MASTERS; i++) {
            String from = Integer.toString(SLOTS * i / MASTERS);
            String to = Integer.toString(SLOTS * (i + 1) / MASTERS - 1);
            at(i).command("CLUSTER", "ADDSLOTSRANGE", from, to);
        }
        for (int i = 1; i <= MASTERS; i++) {
            String busPort =
                    String.valueOf(list(i, "CONFIG", "GET", "cluster-port").get(1));
            at(0).command("CLUSTER", "MEET", HOST, Integer.toString(port(i)), busPort);
        }
        Eventually.until("all servers know each other", () -> servers().allMatch(this::knowsAll));
        at(MASTERS).command("CLUSTER", "REPLICATE", id(0));
        Eventually.until("the cluster serves", () -> servers().allMatch(this::isOk));
        Eventually.until("the replica follows", () -> info(MASTERS).contains("master_link_status:up"));
    }

    private Stream<Integer> servers() {
        return Stream.iterate(0, i -> i + 1).limit(servers.size());
    }

    private boolean knowsAll(int server) {
        return String.valueOf(at(server).command("CLUSTER", "INFO"))
                .contains("cluster_known_nodes:" + (MASTERS + 1) + "\r");
    }

    private boolean isOk(int server) {
        return String.valueOf(at(server).command("CLUSTER", "INFO")).contains("cluster_state:ok");
    }

    private String info(int server) {
        return String.valueOf(at(server).command("INFO", "replication"));
    }

    private String id(int server) {
        return String.valueOf(at(server).command("CLUSTER", "MYID"));
    }

    private List<?> list(int server, String... command) {
        return at(server).command(command) instanceof List<?> list ? list : List.of();
    }

    private int port(int server) {
        return servers.get(server).port();
    }

    /** As a pool's {@code server}: all of them. */
    public String addresses() {
        return servers.stream().map(server -> HOST + ":" + server.port()).collect(Collectors.joining(","));
    }

    /** The ports of all of them. */
    public List<Integer> ports() {
        return servers.stream().map(Server::port).toList();
    }

    /** A connection to one of them: the masters are 0 to 2, and 3 is the replica of 0. */
    public RedisCli at(int server) {
        return clients.computeIfAbsent(port(server), port -> RedisCli.withoutDatabase(HOST, port));
    }

    /** The reply to a command of an application, from the server that has its key. */
    @CanIgnoreReturnValue
    public @Nullable Object command(String... args) {
        RedisCli cli = at(servers.get(0).process().isAlive() ? 0 : 1);
        for (int attempt = 0; attempt < MASTERS; attempt++) {
            try {
                return cli.command(args);
            } catch (ErrorReply error) {
                String words = String.valueOf(error.getMessage());
                if (!words.startsWith("MOVED")) {
                    throw error;
                }
                int port = Integer.parseInt(words.substring(words.lastIndexOf(':') + 1));
                cli = clients.computeIfAbsent(port, known -> RedisCli.withoutDatabase(HOST, known));
            }
        }
        throw new IllegalStateException("moved from server to server");
    }

    /** The fields of a hash; empty if there is none. */
    public Map<String, String> hash(String key) {
        List<?> reply = (List<?>) command("HGETALL", key);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; reply != null && i < reply.size(); i += 2) {
            fields.put(String.valueOf(reply.get(i)), String.valueOf(reply.get(i + 1)));
        }
        return fields;
    }

    /** All keys that match a pattern, on all masters. */
    public TreeSet<String> keys(String pattern) {
        TreeSet<String> keys = new TreeSet<>();
        for (int i = 0; i < MASTERS; i++) {
            list(i, "KEYS", pattern).forEach(key -> keys.add(String.valueOf(key)));
        }
        return keys;
    }

    /** The slot of a key. */
    public int slot(String key) {
        return Integer.parseInt(String.valueOf(at(1).command("CLUSTER", "KEYSLOT", key)));
    }

    /** Which of the masters 0 to 2 has a slot. */
    public int masterOf(int slot) {
        for (Object range : list(1, "CLUSTER", "SLOTS")) {
            List<?> words = (List<?>) range;
            if ((Long) words.get(0) <= slot && slot <= (Long) words.get(1)) {
                long port = (Long) ((List<?>) words.get(2)).get(1);
                return ports().indexOf((int) port);
            }
        }
        throw new IllegalStateException("nobody has slot " + slot);
    }

    /** Begins to move a slot: what is not there yet is created at its new master. */
    public void beginMove(int slot, int from, int to) {
        at(to).command("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", id(from));
        at(from).command("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", id(to));
    }

    /** Moves its keys, and ends the move. */
    public void endMove(int slot, int from, int to) {
        List<?> keys = list(from, "CLUSTER", "GETKEYSINSLOT", "" + slot, "1000");
        while (!keys.isEmpty()) {
            for (Object key : keys) {
                at(from).command("MIGRATE", HOST, "" + port(to), String.valueOf(key), "0", "5000");
            }
            keys = list(from, "CLUSTER", "GETKEYSINSLOT", "" + slot, "1000");
        }
        String owner = id(to);
        at(to).command("CLUSTER", "SETSLOT", "" + slot, "NODE", owner);
        at(from).command("CLUSTER", "SETSLOT", "" + slot, "NODE", owner);
    }

    /** Kills the first master, and waits until its replica has taken its place. */
    public void failOver() {
        Signals.send("KILL", servers.get(0).process().pid());
        servers.get(0).process().onExit().join();
        Eventually.until("the replica is a master", () -> info(MASTERS).contains("role:master"));
    }

    @Override
    public void close() {
        clients.values().forEach(RedisCli::close);
        servers.forEach(server -> server.process().destroyForcibly().onExit().join());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
