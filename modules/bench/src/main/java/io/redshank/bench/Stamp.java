package io.redshank.bench;

import java.nio.ByteBuffer;

/** The head of each payload: who sent it in which run (tag, source), as its how manyeth message, and when. */
final class Stamp {
    /** The least size of a payload. */
    static final int SIZE = 24;

    private static final int SOURCE = 4;
    private static final int SEQUENCE = 8;
    private static final int SENT_AT = 16;

    private Stamp() {}

    /** Writes what is the same in all messages of a publisher. */
    static void putOrigin(ByteBuffer out, int at, int tag, int source) {
        out.putInt(at, tag).putInt(at + SOURCE, source);
    }

    /** Writes what differs from message to message. */
    static void putSending(ByteBuffer out, int at, long sequence, long sentAtNanos) {
        out.putLong(at + SEQUENCE, sequence).putLong(at + SENT_AT, sentAtNanos);
    }

    /** The number drawn for the run: a message with another one is not ours. */
    static int tag(ByteBuffer in, int at) {
        return in.getInt(at);
    }

    /** The number of the publisher. */
    static int source(ByteBuffer in, int at) {
        return in.getInt(at + SOURCE);
    }

    /** The message's number, counted by its publisher from 0. */
    static long sequence(ByteBuffer in, int at) {
        return in.getLong(at + SEQUENCE);
    }

    /** {@link System#nanoTime()} when it was written. */
    static long sentAtNanos(ByteBuffer in, int at) {
        return in.getLong(at + SENT_AT);
    }
}
