package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import java.util.List;

/**
 * A client is a member of a shared subscription from the answer on. Said again, with another quality, it replaces what was said
 * before.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the client's connection
 * @param instance the broker instance that serves the client
 * @param qos the quality granted
 * @param persists whether its session outlives the connection
 * @param holds what another owner assigned to it before, and others may still get
 * @param keeps those of them that a new owner finds in their logs
 */
public record ShareJoined(
        TopicFilter filter,
        ClientId client,
        long epoch,
        Instance instance,
        Qos qos,
        boolean persists,
        List<Message> holds,
        List<MessageId> keeps) {
    /** Keeps copies of the lists. */
    public ShareJoined {
        holds = List.copyOf(holds);
        keeps = List.copyOf(keeps);
    }
}
