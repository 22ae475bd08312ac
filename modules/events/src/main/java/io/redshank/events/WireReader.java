package io.redshank.events;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads, in order, what a {@link WireWriter} appended. */
public final class WireReader {
    private final Buffer buffer;
    private int position;

    /** A reader from this position on. */
    public WireReader(Buffer buffer, int position) {
        this.buffer = buffer;
        this.position = position;
    }

    /** One byte, 0 to 255. */
    public int readByte() {
        return buffer.getUnsignedByte(position++);
    }

    /** One byte as a flag. */
    public boolean readFlag() {
        return readByte() != 0;
    }

    /** Four bytes. */
    public int readInt() {
        int value = buffer.getInt(position);
        position += Integer.BYTES;
        return value;
    }

    /** Eight bytes. */
    public long readLong() {
        long value = buffer.getLong(position);
        position += Long.BYTES;
        return value;
    }

    /** A length and so many bytes. */
    public byte[] readBytes() {
        int length = readInt();
        byte[] value = buffer.getBytes(position, position + length);
        position += length;
        return value;
    }

    /** UTF-8 as text. */
    public String readText() {
        return new String(readBytes(), StandardCharsets.UTF_8);
    }

    /** Text, or null if none was written. */
    public @Nullable String readTextOrNull() {
        return readFlag() ? readText() : null;
    }

    /** A count and so many elements. */
    public <T> List<T> readList(Function<WireReader, T> element) {
        int count = readInt();
        List<T> values = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            values.add(element.apply(this));
        }
        return List.copyOf(values);
    }
}
