package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;

/**
 * A member of a shared subscription is done with one message that was assigned to it.
 *
 * @param filter the whole filter, with the group's name
 * @param epoch of the member's connection
 */
public record MessageSettled(TopicFilter filter, ClientId client, long epoch) {}
