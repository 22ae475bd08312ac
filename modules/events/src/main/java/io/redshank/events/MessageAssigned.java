package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.Message;
import io.redshank.model.TopicFilter;

/**
 * A member of a shared subscription is the one that gets this message. If it cannot, that is told by {@link MessageReturned} or
 * {@link ShareLeft}; nothing is told if it can.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the member's connection
 * @param attempt how many members could not take it before
 * @param owner the instance that deals it out
 * @param era in which the owner deals the message out, if it can read it again from its log; else 0
 */
public record MessageAssigned(
        TopicFilter filter, ClientId client, long epoch, int attempt, Instance owner, long era, Message message) {}
