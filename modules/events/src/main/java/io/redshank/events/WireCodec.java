package io.redshank.events;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * How a kind of bus message travels: a byte for the version of the wire form, then the body. Local delivery hands over the same
 * instance, since what travels here is immutable.
 */
final class WireCodec<T> implements MessageCodec<T, T> {
    private static final byte VERSION = 1;

    private final String name;
    private final Body<T> body;

    WireCodec(String name, Body<T> body) {
        this.name = name;
        this.body = body;
    }

    @Override
    public void encodeToWire(Buffer buffer, T value) {
        buffer.appendByte(VERSION);
        body.write(new WireWriter(buffer), value);
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        if (buffer.getByte(position) != VERSION) {
            throw new IllegalArgumentException(name + ": unknown wire version " + buffer.getByte(position));
        }
        return body.read(new WireReader(buffer, position + 1));
    }

    @Override
    public T transform(T value) {
        return value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
