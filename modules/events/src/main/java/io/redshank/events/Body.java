package io.redshank.events;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How a value is written to and read from the wire, side by side so that the two stay alike.
 *
 * @param <T> the value
 */
public interface Body<T> {
    /** Appends the value. */
    void write(WireWriter out, T value);

    /** Reads back what {@link #write} wrote. */
    T read(WireReader in);

    /** A body from its two halves. */
    static <T> Body<T> of(BiConsumer<WireWriter, T> write, Function<WireReader, T> read) {
        return new Body<>() {
            @Override
            public void write(WireWriter out, T value) {
                write.accept(out, value);
            }

            @Override
            public T read(WireReader in) {
                return read.apply(in);
            }
        };
    }
}
