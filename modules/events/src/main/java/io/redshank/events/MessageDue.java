package io.redshank.events;

import io.redshank.model.Message;
import org.jspecify.annotations.Nullable;

/** The time of a message that had to wait has come: it is to be published now, as if its client had just sent it. */
public record MessageDue(Message message, @Nullable String username) {}
