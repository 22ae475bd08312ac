package io.redshank.bench;

import java.util.HashSet;
import java.util.Set;

/**
 * What one receiver has had of one publisher. MQTT keeps the order of a topic's messages of one publisher [MQTT-4.6.0-5], so
 * a gap counts as lost at once; if the missing message does come, it was misordered instead.
 */
final class StreamCheck {
    private final Window window;
    private final Set<Long> missing = new HashSet<>();
    private long expected;
    private long duplicated;
    private long misordered;

    StreamCheck(Window window) {
        this.window = window;
    }

    /** Takes note of a message and settles it; whether it came for the first time. */
    boolean received(long sequence) {
        if (sequence < 0 || sequence >= window.next()) {
            throw new BenchFailedException("received message " + sequence + ", which was never sent");
        }
        if (sequence < expected) {
            return late(sequence);
        }
        while (expected < sequence) {
            missing.add(expected);
            window.settle(expected++);
        }
        window.settle(expected++);
        return true;
    }

    private boolean late(long sequence) {
        boolean first = missing.remove(sequence);
        if (first) {
            misordered++;
        } else {
            duplicated++;
        }
        return first;
    }

    /** How many of the messages that were sent have not come. */
    long lost() {
        return missing.size() + window.next() - expected;
    }

    long duplicated() {
        return duplicated;
    }

    long misordered() {
        return misordered;
    }
}
