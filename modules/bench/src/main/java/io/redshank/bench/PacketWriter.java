package io.redshank.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;

/** Collects the packets that one connection is to send, so that many leave in one write. */
final class PacketWriter {
    private static final byte PROTOCOL_LEVEL = 4;
    private static final byte CLEAN_SESSION = 0b10;

    /** Between calls in the state to be written into. */
    private ByteBuffer buffer;

    /** @param capacity for how many bytes there is room at first */
    PacketWriter(int capacity) {
        this.buffer = ByteBuffer.allocateDirect(capacity);
    }

    void connect(String clientId, boolean cleanSession, int keepAliveSeconds) {
        byte[] id = clientId.getBytes(StandardCharsets.UTF_8);
        start(PacketType.CONNECT, 12 + id.length);
        string("MQTT".getBytes(StandardCharsets.UTF_8));
        buffer.put(PROTOCOL_LEVEL).put(cleanSession ? CLEAN_SESSION : 0).putShort((short) keepAliveSeconds);
        string(id);
    }

    void subscribe(int packetId, String filter, int qos) {
        byte[] bytes = filter.getBytes(StandardCharsets.UTF_8);
        start(PacketType.SUBSCRIBE, 5 + bytes.length);
        buffer.putShort((short) packetId);
        string(bytes);
        buffer.put((byte) qos);
    }

    void publish(PublishTemplate template, int packetId, long sequence) {
        template.writeTo(room(template.size()), packetId, sequence);
    }

    /** A PUBACK, PUBREC, PUBREL or PUBCOMP. */
    void ack(PacketType type, int packetId) {
        start(type, 2);
        buffer.putShort((short) packetId);
    }

    void pingreq() {
        start(PacketType.PINGREQ, 0);
    }

    void disconnect() {
        start(PacketType.DISCONNECT, 0);
    }

    /** Forgets what is left of the connection before. */
    void clear() {
        buffer.clear();
    }

    /** How many bytes wait. */
    int backlog() {
        return buffer.position();
    }

    /** Writes once; whether nothing waits any more. */
    boolean flushTo(WritableByteChannel channel) throws IOException {
        buffer.flip();
        channel.write(buffer);
        buffer.compact();
        return buffer.position() == 0;
    }

    private void start(PacketType type, int length) {
        ByteBuffer out = room(5 + length).put(type.firstByte());
        putLength(out, length);
    }

    /** The remaining length in MQTT's base 128. */
    static void putLength(ByteBuffer out, int length) {
        int rest = length;
        while (rest > 0x7F) {
            out.put((byte) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private void string(byte[] bytes) {
        buffer.putShort((short) bytes.length).put(bytes);
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * buffer.capacity(), buffer.position() + bytes));
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }
}
