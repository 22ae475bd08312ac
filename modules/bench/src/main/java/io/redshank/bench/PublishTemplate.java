package io.redshank.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One publisher's PUBLISH, encoded once: a message is a copy of it with three numbers put in. The payload is a
 * {@link Stamp}, then filler up to its size.
 */
final class PublishTemplate {
    private static final byte FILLER = 'x';

    private final byte[] packet;
    private final boolean hasPacketId;
    private final int payloadAt;

    PublishTemplate(String topic, int qos, int payloadSize, int tag, int source) {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        this.hasPacketId = qos > 0;
        int length = 2 + name.length + (hasPacketId ? 2 : 0) + payloadSize;
        ByteBuffer out = ByteBuffer.allocate(5 + length);
        out.put((byte) (PacketType.PUBLISH.firstByte() | qos << 1));
        PacketWriter.putLength(out, length);
        out.putShort((short) name.length).put(name);
        if (hasPacketId) {
            out.putShort((short) 0);
        }
        this.payloadAt = out.position();
        this.packet = Arrays.copyOf(out.array(), payloadAt + payloadSize);
        Arrays.fill(packet, payloadAt, packet.length, FILLER);
        Stamp.putOrigin(ByteBuffer.wrap(packet), payloadAt, tag, source);
    }

    /** How long each such packet is. */
    int size() {
        return packet.length;
    }

    /** Writes the message of this number, as sent now. */
    void writeTo(ByteBuffer out, int packetId, long sequence) {
        int at = out.position();
        out.put(packet);
        if (hasPacketId) {
            out.putShort(at + payloadAt - 2, (short) packetId);
        }
        Stamp.putSending(out, at + payloadAt, sequence, System.nanoTime());
    }
}
