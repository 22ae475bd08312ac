package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;
import java.util.List;

/**
 * A client is no member of a shared subscription any more, if it was one.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the client's connection; a later one of it may be a member
 * @param unsettled messages that were assigned to it, and go to other members now
 * @param kept those of them that the owner has, too
 */
public record ShareLeft(
        TopicFilter filter, ClientId client, long epoch, List<Message> unsettled, List<MessageId> kept) {
    /** Keeps copies of the lists. */
    public ShareLeft {
        unsettled = List.copyOf(unsettled);
        kept = List.copyOf(kept);
    }
}
