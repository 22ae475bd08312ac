package io.redshank.events;

import io.redshank.model.Message;
import org.jspecify.annotations.Nullable;

/**
 * A client has sent a message that is to be published later. Its acknowledgement waits for the answer.
 *
 * @param message with the topic it is to be published to
 * @param dueMillis when, in milliseconds since 1970
 */
public record MessageDelayed(Message message, @Nullable String username, long dueMillis) {}
