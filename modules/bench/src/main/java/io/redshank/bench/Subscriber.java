package io.redshank.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;

/** Receives a topic's messages, acknowledges them and checks that they are what was sent. Confined to its group's loop. */
final class Subscriber implements PacketListener {
    private static final int PACKET_ID = 1;

    private final TopicGroup group;
    private final MqttLink link;
    private final int qos;
    private final List<Publisher> publishers;
    private final StreamCheck[] streams;

    Subscriber(TopicGroup group, int qos, int number, List<Publisher> publishers) {
        this.group = group;
        this.link = group.link("s" + number, this);
        this.qos = qos;
        this.publishers = publishers;
        this.streams = publishers.stream()
                .map(publisher -> new StreamCheck(publisher.window()))
                .toArray(StreamCheck[]::new);
    }

    void connect(InetSocketAddress broker) throws IOException {
        link.connect(broker, true);
    }

    @Override
    public void onConnack(boolean resumed, int returnCode) {
        group.onConnected(returnCode);
        link.out().subscribe(PACKET_ID, group.topic(), qos);
        link.written();
    }

    @Override
    public void onSuback(int packetId, int granted) {
        if (granted != qos) {
            throw new BenchFailedException("asked to subscribe with QoS " + qos + ", was granted " + granted);
        }
        group.onSubscribed();
    }

    @Override
    public void onPublish(ByteBuffer packet, int publishedQos, int packetId, int payloadAt, int payloadLength) {
        acknowledge(publishedQos, packetId);
        if (payloadLength < Stamp.SIZE || Stamp.tag(packet, payloadAt) != group.tag()) {
            group.tally().foreign++;
            return;
        }
        if (publishedQos != qos) {
            throw new BenchFailedException("received a message with QoS " + publishedQos + " in place of " + qos);
        }
        int source = group.indexOfSource(Stamp.source(packet, payloadAt));
        if (streams[source].received(Stamp.sequence(packet, payloadAt))) {
            group.tally().delivered++;
            group.tally().latency.record(link.readAtNanos() - Stamp.sentAtNanos(packet, payloadAt));
            group.progressed(link.readAtNanos());
            publishers.get(source).onReceived();
        }
    }

    @Override
    public void onAck(PacketType type, int packetId) {
        if (type != PacketType.PUBREL) {
            throw new BenchFailedException("unexpected " + type + " " + packetId);
        }
        link.out().ack(PacketType.PUBCOMP, packetId);
        link.written();
    }

    /** Adds what went wrong so far, as far as it shows here. */
    void addTo(Tally tally) {
        for (StreamCheck stream : streams) {
            tally.lost += stream.lost();
            tally.duplicated += stream.duplicated();
            tally.misordered += stream.misordered();
        }
    }

    private void acknowledge(int publishedQos, int packetId) {
        if (publishedQos > 0) {
            link.out().ack(publishedQos == 1 ? PacketType.PUBACK : PacketType.PUBREC, packetId);
            link.written();
        }
    }
}
