package io.redshank.model;

import java.util.Arrays;

/** A message's bytes, immutable by agreement: the array is shared, not copied, between all who hold the message. */
public final class Payload {
    /** No bytes: what deletes a retained message. */
    public static final Payload EMPTY = new Payload(new byte[0]);

    private final byte[] bytes;

    private Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Takes over the array, which the caller must not change any more. */
    public static Payload of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Payload(bytes);
    }

    /** The bytes themselves, to be read only. */
    public byte[] shared() {
        return bytes;
    }

    /** How many bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Payload that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The length only: payloads are never logged. */
    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
