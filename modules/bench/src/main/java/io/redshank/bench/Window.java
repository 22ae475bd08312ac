package io.redshank.bench;

/**
 * The messages of one publisher that are on their way, at most so many. A message has left the window once it was settled as
 * often as it has parties to it: each receiver, and the broker if it acknowledges.
 */
final class Window {
    private final int size;
    private final int parties;

    /** For each message on its way, in a ring by its number: how many parties it still waits for. */
    private final int[] waiting;

    private long next;
    private long oldest;

    Window(int size, int parties) {
        this.size = size;
        this.parties = parties;
        this.waiting = new int[slots(size)];
    }

    /** How many different {@link #slot} values there are: the least power of two that holds the window. */
    static int slots(int size) {
        return size == 1 ? 1 : Integer.highestOneBit(size - 1) << 1;
    }

    /** A number that no other message on its way has. */
    int slot(long sequence) {
        return (int) sequence & waiting.length - 1;
    }

    boolean hasRoom() {
        return next - oldest < size;
    }

    boolean isEmpty() {
        return next == oldest;
    }

    /** How many messages have entered so far, which is also the number of the next one. */
    long next() {
        return next;
    }

    /** Lets the next message in. */
    void enter() {
        waiting[slot(next)] = parties;
        next++;
    }

    /** One party is done with this message. */
    void settle(long sequence) {
        if (sequence < oldest || sequence >= next) {
            throw new BenchFailedException("message " + sequence + " is not on its way");
        }
        settleSlot(slot(sequence));
    }

    /** One party is done with the message that has this {@link #slot}. */
    void settleSlot(int slot) {
        waiting[slot]--;
        while (oldest < next && waiting[slot(oldest)] == 0) {
            oldest++;
        }
    }
}
