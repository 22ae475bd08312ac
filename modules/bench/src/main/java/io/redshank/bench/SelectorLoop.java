package io.redshank.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A thread that serves its links. All that belongs to them runs on it; the first failure of any of them ends it. */
final class SelectorLoop implements AutoCloseable {
    private static final long PING_EVERY_NANOS = 10_000_000_000L;
    private static final long SELECT_AT_MOST_MILLIS = 1_000;

    private final Selector selector;
    private final Thread thread;
    private final long gatherNanos;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private volatile boolean closed;

    /** Confined to the thread, as all below. */
    private final Set<MqttLink> links = new LinkedHashSet<>();

    private final List<MqttLink> toFlush = new ArrayList<>();
    private long pingAt = System.nanoTime() + PING_EVERY_NANOS;

    /** @param gatherNanos how long each round lets packets gather before it serves them */
    SelectorLoop(String name, long gatherNanos) {
        this.gatherNanos = gatherNanos;
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Fails when a link or a task does; never completes otherwise. */
    CompletableFuture<Void> failure() {
        return failure;
    }

    /** Has the thread do this and tells the outcome. */
    <T> CompletableFuture<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        tasks.add(() -> answer.complete(question.get()));
        selector.wakeup();
        return answer;
    }

    void register(SocketChannel channel, int interest, MqttLink link) throws IOException {
        channel.register(selector, interest, link);
        links.add(link);
    }

    /** Serves this link, which is closed, no more. */
    void forget(MqttLink link) {
        links.remove(link);
    }

    void interest(SocketChannel channel, int interest) {
        channel.keyFor(selector).interestOps(interest);
    }

    void flushLater(MqttLink link) {
        toFlush.add(link);
    }

    /** Says goodbye on each link and ends the thread. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join(SELECT_AT_MOST_MILLIS);
    }

    private void run() {
        try (Selector open = selector) {
            while (!closed) {
                open.select(this::onReady, SELECT_AT_MOST_MILLIS);
                runTasks();
                pingIfDue();
                flush();
                gather();
            }
            disconnect();
        } catch (IOException | RuntimeException e) {
            failure.completeExceptionally(e);
        } finally {
            closeChannels();
        }
    }

    /**
     * Nearly all that a packet costs us is the system calls of its round, and a broker wakes us with each single packet. To
     * sleep for a moment first makes one round out of many; the price is as much latency.
     */
    private void gather() {
        if (gatherNanos > 0) {
            LockSupport.parkNanos(gatherNanos);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void onReady(SelectionKey key) {
        MqttLink link = (MqttLink) key.attachment();
        try {
            link.onReady(key);
        } catch (IOException | RuntimeException e) {
            throw new BenchFailedException(link + ": " + e.getMessage(), e);
        }
    }

    /** A link that is flushed may have more to say, which is served in the same round: the windows bound it. */
    private void flush() throws IOException {
        for (int i = 0; i < toFlush.size(); i++) {
            toFlush.get(i).flush();
        }
        toFlush.clear();
    }

    private void pingIfDue() {
        if (System.nanoTime() - pingAt < 0) {
            return;
        }
        pingAt += PING_EVERY_NANOS;
        for (MqttLink link : links) {
            link.ping();
        }
    }

    private void disconnect() throws IOException {
        for (MqttLink link : links) {
            link.leave();
        }
        flush();
    }

    private void closeChannels() {
        for (MqttLink link : links) {
            link.close();
        }
    }
}
