package io.redshank.events;

import io.redshank.model.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the messages asked for, in order.
 *
 * @param next the cursor to ask on with; null if this was the last page
 */
public record MessagePage(List<Message> messages, @Nullable String next) {
    /** Keeps a copy of the list. */
    public MessagePage {
        messages = List.copyOf(messages);
    }

    /** A page that has nothing and is the last. */
    public static MessagePage empty() {
        return new MessagePage(List.of(), null);
    }
}
