package io.redshank.events;

import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.List;

/**
 * A shared subscription is not kept any more.
 *
 * @param filter the whole filter, with the group's name
 * @param topics in which it may have bookmarks
 */
public record ShareEnded(TopicFilter filter, List<TopicName> topics) {
    /** Keeps a copy of the list. */
    public ShareEnded {
        topics = List.copyOf(topics);
    }
}
