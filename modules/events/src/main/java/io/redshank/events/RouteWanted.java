package io.redshank.events;

import io.redshank.model.TopicFilter;

/**
 * A broker instance has its first subscription to a filter, or no other one any more. Told to its own node, which answers when the
 * other nodes know what that changes for them.
 */
public record RouteWanted(TopicFilter filter, boolean wanted) {}
