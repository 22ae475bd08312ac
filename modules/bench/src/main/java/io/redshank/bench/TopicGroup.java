package io.redshank.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The clients of one topic. All of it is confined to one loop, so a message's whole way is seen by one thread. */
final class TopicGroup {
    private static final int LINK_CAPACITY = 16 * 1024;

    private final SelectorLoop loop;
    private final Traffic traffic;
    private final int tag;
    private final int firstSource;
    private final int firstReceiver;
    private final String topic;
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    /** Fields of the phase that goes on. */
    private CompletableFuture<Void> idle = new CompletableFuture<>();

    private Tally tally = new Tally();
    private long publishedBefore;
    private int busy;
    private int notReady;

    /** The group of this number among the scenario's groups. */
    TopicGroup(SelectorLoop loop, Traffic traffic, int tag, int number) {
        this.loop = loop;
        this.traffic = traffic;
        this.tag = tag;
        this.topic = traffic.topic() + "/" + number;
        int count = traffic.scenario().publishersPerGroup(traffic.clients());
        this.firstSource = number * count;
        this.firstReceiver = number * traffic.receivers();
        for (int i = 0; i < count; i++) {
            publishers.add(new Publisher(this, traffic, firstSource + i));
        }
        for (int i = 0; i < traffic.receivers(); i++) {
            subscribers.add(new Subscriber(this, traffic.qos(), firstReceiver + i, publishers));
        }
        this.notReady = publishers.size() + 2 * subscribers.size();
    }

    /** Connects everybody; done when all subscriptions are granted. */
    CompletableFuture<Void> connect(Brokers brokers) {
        try {
            for (int i = 0; i < subscribers.size(); i++) {
                subscribers.get(i).connect(brokers.ofSubscriber(firstReceiver + i));
            }
            for (int i = 0; i < publishers.size(); i++) {
                publishers.get(i).connect(brokers.ofPublisher(firstSource + i));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ready;
    }

    /**
     * Begins a phase, with figures of its own; done when all of its messages have settled.
     *
     * @param messages how many all publishers of all groups are to publish, or {@link Long#MAX_VALUE}
     */
    CompletableFuture<Void> start(long messages) {
        idle = new CompletableFuture<>();
        tally = new Tally();
        publishedBefore = published();
        busy = publishers.size();
        CompletableFuture<Void> started = idle;
        for (int i = 0; i < publishers.size(); i++) {
            publishers.get(i).start(share(messages, firstSource + i));
        }
        return started;
    }

    /** Ends the phase's publishing; what is on its way may still settle. */
    void stop() {
        publishers.forEach(Publisher::stop);
    }

    /** The phase's figures, to be read once nothing moves any more. */
    Tally result() {
        Tally result = new Tally();
        result.add(tally);
        result.published = published() - publishedBefore;
        subscribers.forEach(subscriber -> subscriber.addTo(result));
        publishers.forEach(publisher -> result.unacknowledged += publisher.unacknowledged());
        return result;
    }

    /** When something last settled in this phase. */
    long lastProgressNanos() {
        return tally.lastProgressNanos;
    }

    /** A client's connection, its client id unique to the run. */
    MqttLink link(String name, PacketListener listener) {
        return new MqttLink(loop, String.format("rb%08x%s", tag, name), listener, LINK_CAPACITY);
    }

    String topic() {
        return topic;
    }

    int tag() {
        return tag;
    }

    Tally tally() {
        return tally;
    }

    /** Which of our publishers that is. */
    int indexOfSource(int source) {
        int index = source - firstSource;
        if (index < 0 || index >= publishers.size()) {
            throw new BenchFailedException("received on " + topic + " what publisher " + source + " sent elsewhere");
        }
        return index;
    }

    void onConnected(int returnCode) {
        if (returnCode != 0) {
            throw new BenchFailedException("the broker refused the connection with return code " + returnCode);
        }
        countDown();
    }

    void onSubscribed() {
        countDown();
    }

    void progressed(long nanos) {
        tally.lastProgressNanos = nanos;
    }

    void onIdle() {
        if (--busy == 0) {
            idle.complete(null);
        }
    }

    private void countDown() {
        if (--notReady == 0) {
            ready.complete(null);
        }
    }

    private long published() {
        return publishers.stream()
                .mapToLong(publisher -> publisher.window().next())
                .sum();
    }

    private long share(long messages, int source) {
        int count = traffic.publishers();
        return messages == Long.MAX_VALUE ? messages : messages / count + (source < messages % count ? 1 : 0);
    }
}
