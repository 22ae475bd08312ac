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
    private final int qos;

    /** By slot of the window: the ordinal of the packet type that the broker is to send next, 0 for none. */
    private final byte[] awaited;

    private long limit;
    private long unacknowledged;
    private boolean idle = true;

    Publisher(TopicGroup group, Traffic traffic, int source) {
        this.group = group;
        this.link = group.link("p" + source, this);
        this.qos = traffic.qos();
        this.template = new PublishTemplate(group.topic(), qos, traffic.size(), group.tag(), source);
        this.window = new Window(traffic.window(), traffic.receivers() + (qos > 0 ? 1 : 0));
        this.awaited = new byte[Window.slots(traffic.window())];
    }

    void connect(InetSocketAddress broker) throws IOException {
        link.connect(broker);
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
        return unacknowledged;
    }

    @Override
    public void onConnack(int returnCode) {
        group.onConnected(returnCode);
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        int slot = packetId - 1;
        if (slot < 0 || slot >= awaited.length || awaited[slot] != type.ordinal()) {
            throw new BenchFailedException("unexpected " + type + " " + packetId);
        }
        if (type == PacketType.PUBREC) {
            awaited[slot] = (byte) PacketType.PUBCOMP.ordinal();
            link.out().ack(PacketType.PUBREL, packetId); // [MQTT-4.3.3-1]
            link.written();
            return;
        }
        awaited[slot] = 0;
        unacknowledged--;
        window.settleSlot(slot);
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
        if (qos > 0) {
            awaited[slot] = (byte) (qos == 1 ? PacketType.PUBACK : PacketType.PUBREC).ordinal();
            unacknowledged++;
        }
    }

    private void settled() {
        if (!idle && window.isEmpty() && window.next() >= limit) {
            idle = true;
            group.onIdle();
        }
    }
}
