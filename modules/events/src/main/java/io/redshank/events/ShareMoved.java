package io.redshank.events;

import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.List;

/**
 * A shared subscription that is kept is done with all of a topic's log up to here.
 *
 * @param filter the whole filter, with the group's name
 * @param given those of them that were a member's for good
 */
public record ShareMoved(TopicFilter filter, TopicName topic, MessageId bookmark, List<MessageId> given) {
    /** Keeps a copy of the list. */
    public ShareMoved {
        given = List.copyOf(given);
    }
}
