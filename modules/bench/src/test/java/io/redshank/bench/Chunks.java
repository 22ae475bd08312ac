package io.redshank.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/** A channel that yields these pieces, at most one for each read, as a network might. */
final class Chunks implements ReadableByteChannel {
    private final Queue<ByteBuffer> pieces = new ArrayDeque<>();

    /** The bytes cut in two at this place. */
    static Chunks cutAt(int place, byte[] bytes) {
        return of(Arrays.copyOf(bytes, place), Arrays.copyOfRange(bytes, place, bytes.length));
    }

    static Chunks of(byte[]... pieces) {
        Chunks chunks = new Chunks();
        for (byte[] piece : pieces) {
            chunks.pieces.add(ByteBuffer.wrap(piece));
        }
        return chunks;
    }

    /** Has the reader read all there is, decoding after each read. */
    void readWith(PacketReader reader, PacketListener listener) throws IOException {
        while (reader.readFrom(this) >= 0) {
            reader.decodeTo(listener);
        }
    }

    @Override
    public int read(ByteBuffer into) {
        ByteBuffer piece = pieces.peek();
        if (piece == null) {
            return -1;
        }
        int count = Math.min(piece.remaining(), into.remaining());
        into.put(piece.slice().limit(count));
        piece.position(piece.position() + count);
        if (!piece.hasRemaining()) {
            pieces.remove();
        }
        return count;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
