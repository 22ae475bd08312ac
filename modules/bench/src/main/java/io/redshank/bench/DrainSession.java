package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** One session that persists, from connection to connection. Confined to the loop. */
final class DrainSession implements PacketListener {
    private static final int PACKET_ID = 1;

    /** Room for a backlog of a few small messages: there are thousands of it. */
    private static final int LINK_CAPACITY = 1024;

    private final DrainCrowd crowd;
    private final DrainPlan plan;
    private final int number;
    private final Window window;
    private final StreamCheck stream;
    private int delivered;

    private final MqttLink link;

    /** Fields of the connection. */
    private DrainPhase phase = DrainPhase.SUBSCRIBE;

    private long connectedAt;
    private int unreleased;
    private boolean drained;

    DrainSession(DrainCrowd crowd, DrainPlan plan, int number) {
        this.crowd = crowd;
        this.plan = plan;
        this.number = number;
        this.window = new Window(plan.backlog(), 1);
        this.stream = new StreamCheck(window);
        this.link = crowd.link("s" + number, this, LINK_CAPACITY);
    }

    /** What a message to this session looks like. */
    PublishTemplate template() {
        return new PublishTemplate(plan.filter().topic(level()), plan.qos(), plan.size(), crowd.tag(), number);
    }

    /** The messages that were sent to this session's topic and have not come. */
    Window window() {
        return window;
    }

    /** Connects for this; the crowd hears when it is done. */
    void begin(DrainPhase wanted, InetSocketAddress broker) throws IOException {
        phase = wanted;
        connectedAt = System.nanoTime();
        link.connect(broker, wanted == DrainPhase.END);
    }

    void leave() {
        link.leave();
    }

    @Override
    public void onConnack(boolean resumed, int returnCode) {
        if (returnCode != 0) {
            throw new BenchFailedException("the broker refused the connection with return code " + returnCode);
        }
        switch (phase) {
            case SUBSCRIBE -> {
                link.out().subscribe(PACKET_ID, plan.filter().filter(level()), plan.qos());
                link.written();
            }
            case DRAIN -> crowd.onResumed(resumed);
            case END -> leave();
        }
    }

    @Override
    public void onSuback(int packetId, int granted) {
        if (granted != plan.qos()) {
            throw new BenchFailedException("asked to subscribe with QoS " + plan.qos() + ", was granted " + granted);
        }
        leave();
    }

    @Override
    public void onPublish(ByteBuffer packet, int qos, int packetId, int payloadAt, int payloadLength) {
        acknowledge(qos, packetId);
        boolean ours = payloadLength >= Stamp.SIZE
                && Stamp.tag(packet, payloadAt) == crowd.tag()
                && Stamp.source(packet, payloadAt) == number;
        if (!ours) {
            crowd.tally().foreign++;
            return;
        }
        if (qos != plan.qos()) {
            throw new BenchFailedException("received a message with QoS " + qos + " in place of " + plan.qos());
        }
        if (stream.received(Stamp.sequence(packet, payloadAt))) {
            delivered++;
            crowd.onDelivered(link.readAtNanos());
        }
        endIfDrained();
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        if (type != PacketType.PUBREL) {
            throw new BenchFailedException("unexpected " + type + " " + packetId);
        }
        link.out().ack(PacketType.PUBCOMP, packetId);
        link.written();
        unreleased--;
        endIfDrained();
    }

    @Override
    public void onClosed() {
        crowd.onClosed(phase);
    }

    /** Adds what went wrong so far, as far as it shows here. */
    void addTo(DrainTally tally) {
        tally.lost += stream.lost();
        tally.duplicated += stream.duplicated();
        tally.misordered += stream.misordered();
    }

    @Override
    public String toString() {
        return link.toString();
    }

    private void acknowledge(int qos, int packetId) {
        if (qos > 0) {
            link.out().ack(qos == 1 ? PacketType.PUBACK : PacketType.PUBREC, packetId);
            link.written();
            unreleased += qos - 1;
        }
    }

    private void endIfDrained() {
        if (!drained && delivered == plan.backlog() && unreleased == 0) {
            drained = true;
            crowd.onDrained(this, link.readAtNanos() - connectedAt);
        }
    }

    private String level() {
        return plan.level(crowd.tag(), number);
    }
}
