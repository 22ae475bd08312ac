package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import java.util.List;

/**
 * A shared subscription that is kept has dealt out everything up to this time, but for what its bookmarks say.
 *
 * @param filter the whole filter, with the group's name
 * @param era of its owner
 * @param over messages that were a member's for good, and are in no log any more, or behind a bookmark
 */
public record ShareCaughtUp(TopicFilter filter, long era, long millis, List<MessageId> over) {
    /** Keeps a copy of the list. */
    public ShareCaughtUp {
        over = List.copyOf(over);
    }
}
