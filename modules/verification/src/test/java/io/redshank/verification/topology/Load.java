package io.redshank.verification.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Arrival;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Publishes the numbers from 1 to some topics by turns at QoS 1, with some of them on their way at any time, until it is ended. */
final class Load {
    private static final int WINDOW = 10;
    private static final int END_WITHIN_SECONDS = 30;

    private final MqttDevice device;
    private final List<String> topics;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private final Thread thread;

    private Load(MqttDevice device, List<String> topics) {
        this.device = device;
        this.topics = topics;
        thread = new Thread(this::publish, "load");
        thread.setDaemon(true);
    }

    /** Begins to publish by this device. */
    static Load on(MqttDevice device, List<String> topics) {
        Load load = new Load(device, topics);
        load.thread.start();
        return load;
    }

    /** Which numbers are acknowledged up to now. */
    Set<Integer> acknowledged() {
        return new TreeSet<>(acknowledged);
    }

    /** Waits until so many more are acknowledged. */
    void awaitMore(int count) {
        int now = acknowledged.size();
        Eventually.until(count + " more acknowledgements", () -> acknowledged.size() >= now + count);
    }

    /** Publishes nothing more, and waits until all is acknowledged. */
    void end() {
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(END_WITHIN_SECONDS));
            assertThat(window.tryAcquire(WINDOW, END_WITHIN_SECONDS, TimeUnit.SECONDS))
                    .as("all that was published is acknowledged")
                    .isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Takes what a device gets until it has all of these; each topic's numbers have to come in order, again or not. */
    static void expect(MqttDevice subscriber, Set<Integer> numbers) {
        Set<Integer> missing = new TreeSet<>(numbers);
        Set<Integer> seen = new TreeSet<>();
        Map<String, List<Integer>> inOrder = new TreeMap<>();
        while (!missing.isEmpty()) {
            Arrival next;
            try {
                next = subscriber.next();
            } catch (AssertionError nothing) {
                throw new AssertionError(subscriber.clientId() + " lacks " + missing, nothing);
            }
            int number = Integer.parseInt(next.payload());
            if (seen.add(number)) {
                inOrder.computeIfAbsent(next.topic(), first -> new ArrayList<>())
                        .add(number);
            }
            missing.remove(number);
        }
        assertThat(inOrder)
                .allSatisfy((topic, got) -> assertThat(got)
                        .as("what %s got first of %s, in order", subscriber.clientId(), topic)
                        .isSorted());
    }

    private void publish() {
        try {
            for (int next = 0; ; next++) {
                window.acquire();
                int number = next + 1;
                String topic = topics.get(next % topics.size());
                device.publishing(topic, Integer.toString(number).getBytes(UTF_8), 1, false)
                        .whenComplete((code, failure) -> {
                            if (failure == null && code < 0x80) {
                                acknowledged.add(number);
                            }
                            window.release();
                        });
            }
        } catch (InterruptedException ended) {
            // by end
        }
    }
}
