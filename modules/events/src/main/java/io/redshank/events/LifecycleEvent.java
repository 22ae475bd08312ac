package io.redshank.events;

import io.redshank.model.ClientId;

/** Something that has happened to a client, its session or its messages. Immutable, past tense, safe to deliver twice. */
public sealed interface LifecycleEvent
        permits ClientConnected,
                ClientDisconnected,
                SessionSubscribed,
                SessionUnsubscribed,
                MessagePublished,
                MessageDelivered,
                MessageAcked {
    /** Whom it is about. */
    ClientId client();

    /** About how many bytes it takes to keep: what is bounded where events wait for somebody who is slow. */
    long weight();
}
