package io.redshank.events;

import java.util.List;

/** The way from one sender to one destination: keeps order, and loses nothing as long as both are there. */
sealed interface Lane permits LocalLane, RemoteLane {
    /** Takes an event, to be sent with the next {@link #flush}. */
    void add(Waiting<?, ?> waiting);

    /** Sends what was added, as one batch. */
    void flush();

    /** Whether nothing waits, neither to be sent nor for its answer. */
    boolean isIdle();

    /** Whether so much waits that what nobody needs should not be added. */
    boolean isCrowded();

    /** Sends nothing more; what has no answer yet, in order. */
    List<Waiting<?, ?>> end();
}
