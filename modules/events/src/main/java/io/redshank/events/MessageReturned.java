package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.TopicFilter;

/**
 * A member of a shared subscription has no room for a message that was assigned to it.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the member's connection
 * @param attempt how many members could not take it before this one
 * @param era as it was {@linkplain MessageAssigned#era assigned}
 */
public record MessageReturned(
        TopicFilter filter, ClientId client, long epoch, int attempt, long era, Message message) {}
