package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes the backlog of its sessions, a message to each before the next one to any. Confined to the loop. */
final class BacklogPublisher implements PacketListener {
    /** Beyond this, more is encoded only once the network has taken what waits. */
    private static final int MOST_BACKLOG = 1 << 20;

    private static final int LINK_CAPACITY = 16 * 1024;

    private final DrainCrowd crowd;
    private final MqttLink link;
    private final List<DrainSession> sessions;
    private final List<PublishTemplate> templates;
    private final Window window;
    private final Acknowledgements acknowledgements;
    private final long limit;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    BacklogPublisher(DrainCrowd crowd, DrainPlan plan, String name, List<DrainSession> sessions) {
        this.crowd = crowd;
        this.link = crowd.link(name, this, LINK_CAPACITY);
        this.sessions = sessions;
        this.templates = sessions.stream().map(DrainSession::template).toList();
        this.window = new Window(plan.window(), 1);
        this.acknowledgements = new Acknowledgements(plan.qos(), Window.slots(plan.window()));
        this.limit = (long) sessions.size() * plan.backlog();
    }

    /** Publishes all; done when all is acknowledged. */
    CompletableFuture<Void> publish(InetSocketAddress broker) throws IOException {
        link.connect(broker, true);
        return done;
    }

    @Override
    public void onConnack(boolean resumed, int returnCode) {
        if (returnCode != 0) {
            throw new BenchFailedException("the broker refused the connection with return code " + returnCode);
        }
        pump();
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        crowd.progressed(link.readAtNanos());
        if (!acknowledgements.settle(type, packetId)) {
            link.out().ack(PacketType.PUBREL, packetId);
            link.written();
            return;
        }
        window.settleSlot(packetId - 1);
        if (window.next() == limit && window.isEmpty()) {
            link.leave();
        } else {
            pump();
        }
    }

    @Override
    public void onFlushed() {
        pump();
    }

    @Override
    public void onClosed() {
        done.complete(null);
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
        int index = (int) (window.next() % sessions.size());
        Window topic = sessions.get(index).window();
        int packetId = window.slot(window.next()) + 1;
        link.out().publish(templates.get(index), packetId, topic.next());
        acknowledgements.await(packetId);
        topic.enter();
        window.enter();
    }
}
