package io.redshank.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Cuts what one connection receives into packets, in place: nothing is allocated or copied for a packet. */
final class PacketReader {
    /** The size of the fixed header up to its length field of at most four bytes is not known yet. */
    private static final int INCOMPLETE = -1;

    /** Between calls in the state to be read into: what is before the position is the beginning of the next packet. */
    private ByteBuffer buffer;

    /** @param capacity how many bytes one read takes at first; a larger packet makes it more */
    PacketReader(int capacity) {
        this.buffer = ByteBuffer.allocateDirect(capacity);
    }

    /** Forgets what is left of the connection before. */
    void clear() {
        buffer.clear();
    }

    /** Reads once; how many bytes came, or -1 at the end of the stream. */
    int readFrom(ReadableByteChannel channel) throws IOException {
        return channel.read(buffer);
    }

    /** Hands over each packet that is complete by now and keeps the rest. */
    void decodeTo(PacketListener listener) {
        buffer.flip();
        int at = 0;
        int size = packetSize(at);
        while (size != INCOMPLETE && size <= buffer.limit() - at) {
            decode(at, size, listener);
            at += size;
            size = packetSize(at);
        }
        buffer.position(at);
        if (size > buffer.capacity()) {
            grow(size);
        } else {
            buffer.compact();
        }
    }

    /** How long the packet that begins here is, fixed header included, as far as its length field has arrived. */
    private int packetSize(int at) {
        int available = buffer.limit() - at;
        int length = 0;
        for (int i = 1; i < available; i++) {
            int digit = buffer.get(at + i);
            length |= (digit & 0x7F) << 7 * (i - 1);
            if (digit >= 0) {
                return 1 + i + length;
            }
            if (i == 4) {
                throw new BenchFailedException("the broker sent a remaining length of over four bytes");
            }
        }
        return INCOMPLETE;
    }

    private void decode(int at, int size, PacketListener listener) {
        int first = buffer.get(at);
        int body = at + 1;
        while (buffer.get(body++) < 0) {
            // the length is known: this only steps over it
        }
        int end = at + size;
        PacketType type = PacketType.ofFirstByte(first);
        switch (type) {
            case PUBLISH -> decodePublish(first, body, end, listener);
            case PUBACK, PUBREC, PUBREL, PUBCOMP -> listener.onAck(type, unsignedShort(body, end));
            case CONNACK -> decodeConnack(unsignedShort(body, end), listener);
            case SUBACK -> listener.onSuback(unsignedShort(body, end), unsignedShort(body + 1, end) & 0xFF);
            case PINGRESP -> {}
            default -> throw new BenchFailedException("the broker sent " + type);
        }
    }

    private static void decodeConnack(int flagsAndCode, PacketListener listener) {
        listener.onConnack((flagsAndCode >> 8 & 1) == 1, flagsAndCode & 0xFF);
    }

    private void decodePublish(int first, int body, int end, PacketListener listener) {
        int qos = first >> 1 & 0b11;
        int at = body + 2 + unsignedShort(body, end);
        int packetId = 0;
        if (qos > 0) {
            packetId = unsignedShort(at, end);
            at += 2;
        }
        if (at > end) {
            throw new BenchFailedException("the broker sent a PUBLISH whose topic is longer than the packet");
        }
        listener.onPublish(buffer, qos, packetId, at, end - at);
    }

    private int unsignedShort(int at, int end) {
        if (at + 2 > end) {
            throw new BenchFailedException("the broker sent a packet that is too short for its type");
        }
        return buffer.getShort(at) & 0xFFFF;
    }

    private void grow(int capacity) {
        ByteBuffer larger = ByteBuffer.allocateDirect(capacity);
        larger.put(buffer);
        buffer = larger;
    }
}
