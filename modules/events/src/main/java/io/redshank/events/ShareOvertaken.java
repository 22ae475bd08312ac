package io.redshank.events;

import io.redshank.model.TopicFilter;

/**
 * A member may not send what the owner of a shared subscription has assigned to it, for another owner has begun since.
 *
 * @param filter the whole filter, with the group's name
 * @param era of the owner that is one no more
 */
public record ShareOvertaken(TopicFilter filter, long era) {}
