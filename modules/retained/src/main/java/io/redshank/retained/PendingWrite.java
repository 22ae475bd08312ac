package io.redshank.retained;

import io.redshank.hooks.HookEntry;
import io.redshank.model.Message;
import io.redshank.model.MessageClock;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/**
 * The newest retained message of a topic that waits to be written, and all who wait for that. Those of older messages wait for
 * it too: once it is written, theirs would have been replaced.
 */
record PendingWrite(HookEntry entry, Message message, List<Promise<Void>> waiting) {
    /** This and a later one on the same topic. */
    PendingWrite mergedWith(PendingWrite later) {
        List<Promise<Void>> all = new ArrayList<>(waiting);
        all.addAll(later.waiting);
        PendingWrite newest = isOlder(later.message, message) ? this : later;
        return new PendingWrite(newest.entry, newest.message, all);
    }

    /** Whether the first is known to be older than the second: ids of our form say so, others do not. */
    static boolean isOlder(Message first, Message second) {
        return MessageClock.microsOf(first.id()) >= 0
                && MessageClock.microsOf(second.id()) >= 0
                && second.id().isAfter(first.id());
    }
}
