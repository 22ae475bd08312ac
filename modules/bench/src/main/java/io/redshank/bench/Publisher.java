package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Publishes as fast as its window lets it. Confined to its group's loop. */
final class Publisher implements PacketListener {
    /** Beyond this, more is encoded only once the network has taken what waits. */
    private static final int MOST_BACKLOG = 1 << 20;

    private final TopicGroup group;
    private final MqttLink link;
    private final PublishTemplate template;
    private final Window window;
    private final Acknowledgements acknowledgements;

    private long limit;
    private boolean idle = true;

    Publisher(TopicGroup group, Traffic traffic, int source) {
        this.group = group;
        this.link = group.link("p" + source, this);
        int qos = traffic.qos();
        this.template = new PublishTemplate(group.topic(), qos, traffic.size(), group.tag(), source);
        this.window = new Window(traffic.window(), traffic.receivers() + (qos > 0 ? 1 : 0));
        this.acknowledgements = new Acknowledgements(qos, Window.slots(traffic.window()));
    }

    void connect(InetSocketAddress broker) throws IOException {
        link.connect(broker, true);
    }

    /** Begins a phase in which so many messages are to be published; the group hears when all of them have settled. */
    void start(long messages) {
        limit = messages == Long.MAX_VALUE ? messages : window.next() + messages;
        idle = false;
        pump();
        settled();
    }

    /** Publishes nothing more. */
    void stop() {
        limit = window.next();
        settled();
    }

    /** A subscriber has accounted for some message. */
    void onReceived() {
        pump();
        settled();
    }

    Window window() {
        return window;
    }

    long unacknowledged() {
        return acknowledgements.outstanding();
    }

    @Override
    public void onConnack(boolean resumed, int returnCode) {
        group.onConnected(returnCode);
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        if (!acknowledgements.settle(type, packetId)) {
            link.out().ack(PacketType.PUBREL, packetId); // [MQTT-4.3.3-1]
            link.written();
            return;
        }
        window.settleSlot(packetId - 1);
        group.progressed(link.readAtNanos());
        onReceived();
    }

    @Override
    public void onFlushed() {
        pump();
    }

    private void pump() {
        long before = window.next();
        while (window.next() < limit && window.hasRoom() && link.out().backlog() < MOST_BACKLOG) {
            publishOne();
        }
        if (window.next() != before) {
            link.written();
        }
    }

    private void publishOne() {
        long sequence = window.next();
        int slot = window.slot(sequence);
        link.out().publish(template, slot + 1, sequence);
        window.enter();
        acknowledgements.await(slot + 1);
    }

    private void settled() {
        if (!idle && window.isEmpty() && window.next() >= limit) {
            idle = true;
            group.onIdle();
        }
    }
}
