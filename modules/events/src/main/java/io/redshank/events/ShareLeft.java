package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.TopicFilter;
import java.util.List;

/**
 * A client is no member of a shared subscription any more, if it was one.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the client's connection; a later one of it may be a member
 * @param unsettled messages that were assigned to it, and go to other members now
 */
public record ShareLeft(TopicFilter filter, ClientId client, long epoch, List<Message> unsettled) {
    /** Keeps a copy of the list. */
    public ShareLeft {
        unsettled = List.copyOf(unsettled);
    }
}
