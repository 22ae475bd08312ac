package io.redshank.acks;

import io.redshank.model.MessageId;

/**
 * Where a bookmark moves to.
 *
 * @param forwardOnly whether it stays if it is further on already
 */
record Place(MessageId id, boolean forwardOnly) {}
