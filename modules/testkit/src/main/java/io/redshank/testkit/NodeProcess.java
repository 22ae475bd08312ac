package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runnable jar as a process of its own: started, watched, ended in order or killed. */
public final class NodeProcess implements AutoCloseable {
    private static final int END_WITHIN_SECONDS = 20;
    private static final String READY = "redshank ready";
    private static final Pattern LISTENER = Pattern.compile("listeners tcp://[^ ,]*:(\\d+)");

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private NodeProcess(Process process) {
        this.process = process;
        read("stdout", process.getInputStream(), out);
        read("stderr", process.getErrorStream(), err);
    }

    /** Starts a process and waits for nothing: for commands that end by themselves, and starts that fail. */
    public static NodeProcess launch(NodeSetup setup) {
        List<String> command = new ArrayList<>(setup.within());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Many short lives on few cores: compile quickly, and use a small heap.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m"));
        command.addAll(program(setup));
        command.addAll(setup.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(setup.directory().toFile());
        builder.environment().putAll(setup.environment());
        try {
            return new NodeProcess(builder.start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> program(NodeSetup setup) {
        if (setup.classPath().isEmpty()) {
            return List.of("-jar", jar());
        }
        StringBuilder classPath = new StringBuilder(jar());
        setup.classPath()
                .forEach(more -> classPath.append(File.pathSeparatorChar).append(more));
        return List.of("-cp", classPath.toString(), "io.redshank.app.Main");
    }

    /** Starts a node and waits until it says that it is ready. */
    public static NodeProcess start(NodeSetup setup) {
        NodeProcess node = launch(setup);
        try {
            return node.awaitReady();
        } catch (AssertionError notReady) {
            node.close();
            throw new AssertionError(node.output(), notReady);
        }
    }

    /** A port that is free now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Waits for the line that says that the node serves. */
    @CanIgnoreReturnValue
    public NodeProcess awaitReady() {
        Eventually.until("a node that is ready or ends", () -> isReady() || !process.isAlive());
        if (!isReady()) {
            throw new AssertionError("the node has ended instead of getting ready\n" + output());
        }
        return this;
    }

    /** Where its first listener is. */
    public int port() {
        Matcher listener = LISTENER.matcher(String.join("\n", out));
        if (!listener.find()) {
            throw new AssertionError("no listener in what the node said\n" + output());
        }
        return Integer.parseInt(listener.group(1));
    }

    /** What it has written to standard output up to now. */
    public List<String> out() {
        return List.copyOf(out);
    }

    /** What it has written to standard error up to now. */
    public List<String> err() {
        return List.copyOf(err);
    }

    /** The lines of standard error that have this text in them. */
    public List<String> errWith(String text) {
        return err.stream().filter(line -> line.contains(text)).toList();
    }

    /** Both, for a person who wonders why a test has failed. */
    public String output() {
        return "--- node " + process.pid() + " stdout\n" + String.join("\n", out) + "\n--- node " + process.pid()
                + " stderr\n" + String.join("\n", err) + "\n---";
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Writes to its standard input, and ends that. */
    @CanIgnoreReturnValue
    public NodeProcess input(String text) {
        try (var stdin = process.getOutputStream()) {
            stdin.write(text.getBytes(UTF_8));
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Asks it to end, by SIGTERM, which it does in order. */
    public void stop() {
        Signals.send("TERM", process.pid());
        assertThat(exitCode()).as("exit code after SIGTERM\n%s", output()).isZero();
    }

    /** Kills it by SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        int code = exitCode();
        assertThat(code).isNotZero();
    }

    /** Waits for its end; all that it has written can be read then. */
    public int exitCode() {
        try {
            if (!process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("the process still runs after " + END_WITHIN_SECONDS + " s\n" + output());
            }
            for (Thread reader : readers) {
                reader.join(TimeUnit.SECONDS.toMillis(END_WITHIN_SECONDS));
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Kills it if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private boolean isReady() {
        return out.stream().anyMatch(line -> line.startsWith(READY));
    }

    private void read(String name, InputStream stream, List<String> lines) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                        text.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException ended) {
                        lines.add("(" + ended.getMessage() + ")");
                    }
                },
                "node-" + process.pid() + "-" + name);
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    /** Built before these tests, by module app; they run in the directory of a module beside it. */
    private static String jar() {
        Path jar =
                Path.of("..", "app", "target", "redshank.jar").toAbsolutePath().normalize();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar
                    + " is missing: these tests start the runnable jar, so build it first, by 'mvn verify' of the whole"
                    + " project");
        }
        return jar.toString();
    }
}
