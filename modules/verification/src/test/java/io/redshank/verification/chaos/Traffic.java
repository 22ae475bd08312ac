package io.redshank.verification.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Publishers of one topic each, and subscribers with sessions that write down what they get; all of them come back by themselves when a
 * node throws them out, at the next one.
 */
final class Traffic implements AutoCloseable {
    private static final int SECONDS = 10;

    /** A subscriber, and what it should get. */
    private record Listener(ChaosDevice device, Ledger ledger, String name, List<String> topics) {}

    private final int qos;
    private final List<Integer> ports;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private int devices;

    /** At this quality of service, over these ports: of the devices, each begins with another one. */
    Traffic(int qos, List<Integer> ports) {
        this.qos = qos;
        this.ports = List.copyOf(ports);
    }

    /** A subscriber of this filter that should get all of these topics. */
    void listen(String name, int version, String filter, List<String> topics) {
        Ledger ledger = new Ledger();
        ChaosDevice device = ChaosDevice.of(
                version, name, portsOfNext(), (topic, payload) -> ledger.add(topic, Integer.parseInt(payload)));
        within(device.connect());
        within(device.subscribe(filter, qos));
        listeners.add(new Listener(device, ledger, name, topics));
    }

    /** Begins to publish to this topic, and goes on until the end. */
    void publish(String name, int version, String topic) {
        ChaosDevice device = ChaosDevice.of(version, name, portsOfNext(), (itsTopic, payload) -> {});
        within(device.connect());
        Publisher publisher = new Publisher(device, topic, qos);
        publishers.add(publisher);
        publisher.begin();
    }

    /** Returns when so many more of each publisher's messages are acknowledged. */
    void goOn(int count) {
        List<Integer> before = publishers.stream().map(Publisher::count).toList();
        for (int i = 0; i < publishers.size(); i++) {
            Publisher publisher = publishers.get(i);
            int enough = before.get(i) + count;
            Eventually.until(publisher + " goes on", () -> publisher.count() >= enough);
        }
    }

    /** The longest time for which one of the publishers has waited for an acknowledgement. */
    Duration longestPause() {
        return publishers.stream()
                .map(Publisher::longestPause)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** Publishes nothing more; what was acknowledged has come, once and in order. */
    void endsWithNothingLostDoubledOrOutOfOrder() {
        publishers.forEach(Publisher::end);
        for (Listener listener : listeners) {
            for (Publisher publisher : publishers) {
                if (listener.topics().contains(publisher.topic())) {
                    assertComplete(listener, publisher);
                }
            }
        }
    }

    @Override
    public void close() {
        publishers.forEach(Publisher::close);
        listeners.forEach(one -> attempt(one.device().disconnect()));
    }

    private void assertComplete(Listener listener, Publisher publisher) {
        String topic = publisher.topic();
        Set<Integer> acknowledged = publisher.acknowledged();
        String what = "%s of %d messages of %s, %s"
                .formatted(
                        listener.name(),
                        acknowledged.size(),
                        topic,
                        listener.ledger().around(topic));
        assertThat(acknowledged).as(topic).isNotEmpty();
        Eventually.asserted(() -> assertThat(listener.ledger().lost(topic, acknowledged))
                .as("lost, %s", what)
                .isZero());
        assertThat(listener.ledger().misordered(topic))
                .as("misordered, %s", what)
                .isZero();
        if (qos == 2) {
            assertThat(listener.ledger().duplicated(topic))
                    .as("doubled, %s", what)
                    .isZero();
        }
    }

    private List<Integer> portsOfNext() {
        List<Integer> rotated = new ArrayList<>(ports);
        Collections.rotate(rotated, devices++);
        return rotated;
    }

    static void within(CompletableFuture<?> step) {
        step.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    /** What fails because a device is between two connections. */
    static void attempt(CompletableFuture<?> step) {
        within(step.handle((done, failure) -> done));
    }
}
