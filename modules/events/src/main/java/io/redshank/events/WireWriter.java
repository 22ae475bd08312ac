package io.redshank.events;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Appends values to a buffer in the wire form of events; {@link WireReader} reads them back in the same order. */
public final class WireWriter {
    private final Buffer buffer;

    /** A writer to the end of this buffer. */
    public WireWriter(Buffer buffer) {
        this.buffer = buffer;
    }

    /** One byte. */
    public void writeByte(int value) {
        buffer.appendByte((byte) value);
    }

    /** One byte, 1 or 0. */
    public void writeFlag(boolean value) {
        buffer.appendByte((byte) (value ? 1 : 0));
    }

    /** Four bytes. */
    public void writeInt(int value) {
        buffer.appendInt(value);
    }

    /** Eight bytes. */
    public void writeLong(long value) {
        buffer.appendLong(value);
    }

    /** A length and so many bytes. */
    public void writeBytes(byte[] value) {
        buffer.appendInt(value.length).appendBytes(value);
    }

    /** Text as UTF-8. */
    public void writeText(String value) {
        writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A flag, and the text if there is one. */
    public void writeTextOrNull(@Nullable String value) {
        writeFlag(value != null);
        if (value != null) {
            writeText(value);
        }
    }

    /** A count and so many elements. */
    public <T> void writeList(List<T> values, BiConsumer<WireWriter, T> element) {
        writeInt(values.size());
        values.forEach(value -> element.accept(this, value));
    }
}
