package io.redshank.verification.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A device that publishes the numbers from 1 to a topic, with some of them on their way at any time. */
final class Publisher implements AutoCloseable {
    private static final int WINDOW = 10;
    private static final int END_WITHIN_SECONDS = 30;

    private final ChaosDevice device;
    private final String topic;
    private final int qos;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastNanos = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final Thread thread;

    Publisher(ChaosDevice device, String topic, int qos) {
        this.device = device;
        this.topic = topic;
        this.qos = qos;
        thread = new Thread(this::publish, "publisher of " + topic);
        thread.setDaemon(true);
    }

    void begin() {
        lastNanos.set(System.nanoTime());
        thread.start();
    }

    String topic() {
        return topic;
    }

    /** How many are acknowledged. */
    int count() {
        return acknowledged.size();
    }

    /** Which of them are. */
    Set<Integer> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    /** The longest time between two acknowledgements. */
    Duration longestPause() {
        return Duration.ofNanos(longestNanos.get());
    }

    /** Publishes nothing more, and waits until all is acknowledged. */
    void end() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_WITHIN_SECONDS));
            boolean all = window.tryAcquire(WINDOW, END_WITHIN_SECONDS, TimeUnit.SECONDS);
            assertThat(all).as("%s: all acknowledged", this).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        Traffic.attempt(device.disconnect());
    }

    @Override
    public String toString() {
        return "publisher of " + topic + " after " + count();
    }

    private void publish() {
        try {
            for (int next = 1; ; next++) {
                window.acquire();
                int number = next;
                device.publish(topic, Integer.toString(number), qos).whenComplete((done, failure) -> {
                    if (failure == null) {
                        onAcknowledged(number);
                    }
                    window.release();
                });
            }
        } catch (InterruptedException ended) {
            // by end or close
        }
    }

    private void onAcknowledged(int number) {
        long now = System.nanoTime();
        longestNanos.accumulateAndGet(now - lastNanos.getAndSet(now), Math::max);
        acknowledged.add(number);
    }
}
