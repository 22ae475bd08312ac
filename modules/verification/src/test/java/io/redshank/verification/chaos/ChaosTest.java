package io.redshank.verification.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishers at QoS 1 and 2 and subscribers with sessions that come and go, while nodes are killed, stopped or frozen at random and started again:
 * nothing that was acknowledged is lost, nothing at QoS 2 comes twice, nothing is out of order. For 40 seconds, or as long as {@code
 * -Dredshank.chaos.seconds} says; {@code -Dredshank.chaos.seed} repeats its dice.
 */
class ChaosTest {
    private static final Logger log = LoggerFactory.getLogger(ChaosTest.class);
    private static final int SECONDS = Integer.getInteger("redshank.chaos.seconds", 40);
    private static final long SEED = Long.getLong("redshank.chaos.seed", System.nanoTime());
    private static final int PUBLISHERS = 4;
    private static final int WINDOW = 20;
    private static final int DRAIN_SECONDS = 90;

    /** A subscriber, and what it should get. */
    private record Listener(ChaosDevice device, Ledger ledger, String name, List<String> topics) {}

    @TempDir
    private Path directory;

    private final Random dice = new Random(SEED);
    private final List<Listener> listeners = new ArrayList<>();
    /** Of each topic, the messages whose publisher has its acknowledgement. */
    private final Map<String, Set<Integer>> acknowledged = new ConcurrentHashMap<>();

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    @Test
    void oneNode_nothingIsLostDoubledOrOutOfOrder() throws Exception {
        try (Site node = new OneNode(directory)) {
            comeOver(node, SECONDS);
        }
    }

    @Test
    void cluster_nothingIsLostDoubledOrOutOfOrder() throws Exception {
        try (Site nodes = new ThreeNodes()) {
            comeOver(nodes, SECONDS);
        }
    }

    private void comeOver(Site site, int seconds) throws Exception {
        System.out.println("Chaos begins: " + seconds + " s, seed " + SEED);
        int strikes = 0;
        try {
            site.open();
            subscribe(site.port());
            for (int i = 0; i < PUBLISHERS; i++) {
                begin(i, site.port());
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                comeAndGo(TimeUnit.MILLISECONDS.toNanos(500 + dice.nextInt(3500)));
                site.strike(dice);
                strikes++;
            }
            over.set(true);
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(DRAIN_SECONDS));
            }
            listeners.forEach(one -> attempt(one.device().connect()));
            awaitAll();
        } finally {
            over.set(true);
        }
        report(site, strikes);
    }

    private static List<String> topics(int publisher) {
        return List.of("chaos/" + publisher + "/once", "chaos/" + publisher + "/often");
    }

    private void subscribe(int port) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            all.addAll(topics(i));
        }
        List<String> once =
                all.stream().filter(topic -> topic.endsWith("/once")).toList();
        List<String> often =
                all.stream().filter(topic -> topic.endsWith("/often")).toList();
        listen("exact-3", port, 3, once, once);
        listen("exact-5", port, 5, all, all);
        listen("wildcard-3", port, 3, List.of("chaos/#"), all);
        listen("wildcard-5", port, 5, List.of("chaos/+/once"), once);
        listen("often-5", port, 5, List.of("chaos/+/often"), often);
        listen(
                "overlapping-3",
                port,
                3,
                List.of("chaos/+/once", once.get(0), often.get(1)),
                concat(once, often.get(1)));
    }

    private static List<String> concat(List<String> some, String more) {
        List<String> all = new ArrayList<>(some);
        all.add(more);
        return all;
    }

    private void listen(String name, int port, int version, List<String> filters, List<String> topics) {
        Ledger ledger = new Ledger();
        ChaosDevice device =
                ChaosDevice.of(version, name, port, (topic, payload) -> ledger.add(topic, Integer.parseInt(payload)));
        device.connect().orTimeout(10, TimeUnit.SECONDS).join();
        for (String filter : filters) {
            device.subscribe(filter, 2).orTimeout(10, TimeUnit.SECONDS).join();
        }
        listeners.add(new Listener(device, ledger, name, topics));
    }

    /** A publisher of two topics, with some messages on their way at any time. */
    private void begin(int number, int port) {
        ChaosDevice device =
                ChaosDevice.of(number % 2 == 0 ? 3 : 5, "publisher-" + number, port, (topic, payload) -> {});
        device.connect().orTimeout(10, TimeUnit.SECONDS).join();
        Thread thread = new Thread(() -> publish(device, topics(number)), "publisher-" + number);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void publish(ChaosDevice device, List<String> topics) {
        Semaphore window = new Semaphore(WINDOW);
        try {
            for (int next = 1; !over.get(); next++) {
                for (String topic : topics) {
                    window.acquire();
                    int number = next;
                    device.publish(topic, Integer.toString(number), topic.endsWith("/once") ? 2 : 1)
                            .whenComplete((done, failure) -> {
                                window.release();
                                if (failure == null) {
                                    acknowledged
                                            .computeIfAbsent(topic, first -> ConcurrentHashMap.newKeySet())
                                            .add(number);
                                }
                            });
                }
            }
            boolean all = window.tryAcquire(WINDOW, DRAIN_SECONDS, TimeUnit.SECONDS);
            log.info("Publisher is through [topics={}, all acknowledged={}]", topics, all);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Subscribers leave, and come back some time later. */
    private void comeAndGo(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            Listener one = listeners.get(dice.nextInt(listeners.size()));
            attempt(one.device().disconnect());
            long away = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(dice.nextInt(400));
            Eventually.until("time away", () -> System.nanoTime() > away);
            attempt(one.device().connect());
        }
    }

    /** What fails because the node is down is tried again by the library, or by us later. */
    private static void attempt(CompletableFuture<?> step) {
        try {
            step.orTimeout(2, TimeUnit.SECONDS).join();
        } catch (RuntimeException down) {
            log.debug("Not now [cause={}]", String.valueOf(down.getMessage()));
        }
    }

    private int lost() {
        int lost = 0;
        for (Listener one : listeners) {
            for (String topic : one.topics()) {
                lost += one.ledger().lost(topic, acknowledged.getOrDefault(topic, Set.of()));
            }
        }
        return lost;
    }

    private void awaitAll() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (lost() > 0 && System.nanoTime() < end) {
            long pause = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
            Eventually.until("a pause", () -> System.nanoTime() > pause);
        }
    }

    private void report(Site site, int strikes) {
        int duplicated = 0;
        int misordered = 0;
        List<String> wrong = new ArrayList<>();
        for (Listener one : listeners) {
            for (String topic : one.topics()) {
                boolean once = topic.endsWith("/once");
                int twice = once ? one.ledger().duplicated(topic) : 0;
                int late = one.ledger().misordered(topic);
                List<Integer> missing = one.ledger().missing(topic, acknowledged.getOrDefault(topic, Set.of()));
                duplicated += twice;
                misordered += late;
                if (twice + late + missing.size() > 0) {
                    wrong.add("%s: lost %s, %d duplicated, %d misordered, %s"
                            .formatted(
                                    one.name(),
                                    missing,
                                    twice,
                                    late,
                                    one.ledger().around(topic)));
                }
            }
        }
        int messages = acknowledged.values().stream().mapToInt(Set::size).sum();
        String counts = "%d messages acknowledged, %d strikes: %d lost, %d duplicated, %d misordered (seed %d, %s)"
                .formatted(messages, strikes, lost(), duplicated, misordered, SEED, site);
        System.out.println("Chaos is over: " + counts); // wanted on the screen, whatever the log level
        assertThat(wrong).as(counts).isEmpty();
        assertThat(strikes).isPositive();
        assertThat(acknowledged).as("topics").hasSize(2 * PUBLISHERS);
    }
}
