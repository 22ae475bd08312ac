package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicName;
import java.util.List;

/** Asks for stored messages by their ids, no more than the sender can hold. Those that are there no more are left out. */
public record MessagesFetch(ClientId client, List<Wanted> messages) {
    /** Keeps a copy of the list. */
    public MessagesFetch {
        messages = List.copyOf(messages);
    }

    /**
     * One message.
     *
     * @param logged whether it is in its topic's log; if not, it was stored with the session
     */
    public record Wanted(TopicName topic, MessageId id, boolean logged) {}
}
