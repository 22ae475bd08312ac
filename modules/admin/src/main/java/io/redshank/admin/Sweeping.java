package io.redshank.admin;

import io.redshank.model.MessageClock;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a node that runs clears up by itself in a while, so that it is not wrong yet: the ids of messages that have expired, and
 * logs that have become empty. If no node runs, there is nothing to wait for.
 */
final class Sweeping {
    /** How many rounds of a sweep may pass before what it should have found is wrong. */
    private static final int ROUNDS = 5;

    private final Estate estate;
    private final boolean nodeRuns;

    Sweeping(Estate estate, boolean nodeRuns) {
        this.estate = estate;
        this.nodeRuns = nodeRuns;
    }

    /** Whether the sweep may not have come to an id of this topic yet, since its message may have been there a moment ago. */
    boolean isToCome(@Nullable TopicName topic, MessageId id) {
        long micros = MessageClock.microsOf(id);
        return micros >= 0 && isToCome(topic, TimeUnit.MICROSECONDS.toMillis(micros));
    }

    /** The same for what a message of this time has left behind. */
    boolean isToCome(@Nullable TopicName topic, long millis) {
        if (!nodeRuns) {
            return false;
        }
        long kept = TimeUnit.SECONDS.toMillis(estate.messageSeconds(topic));
        long rounds = ROUNDS * estate.options().sweepInterval().toMillis();
        return System.currentTimeMillis() < millis + kept + rounds;
    }
}
