package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.TopicFilter;

/**
 * A message that was assigned to a member of a shared subscription goes to no other one any more.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the member's connection
 * @param acknowledged whether the member is done with it; else it is one at QoS 2 that has begun to be sent
 */
public record MessageSettled(
        TopicFilter filter, ClientId client, long epoch, MessageId message, boolean acknowledged) {}
