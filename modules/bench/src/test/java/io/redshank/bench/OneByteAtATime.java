package io.redshank.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel that takes one byte of each write, as a full network might. */
final class OneByteAtATime implements WritableByteChannel {
    private final WritableByteChannel target;

    OneByteAtATime(WritableByteChannel target) {
        this.target = target;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = Math.min(1, from.remaining());
        ByteBuffer one = from.slice().limit(count);
        from.position(from.position() + count);
        return target.write(one);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
