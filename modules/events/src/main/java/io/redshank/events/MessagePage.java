package io.redshank.events;

import io.redshank.model.Message;
import io.redshank.model.MessageId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the messages asked for, in order.
 *
 * @param cursor where this page ended, to ask on from there; null if there is nothing to ask for, now or later
 * @param more whether more was there already
 * @param upTo the message of the log up to which the reader has had, with this page, all that it is to have; null if that is not known
 */
public record MessagePage(
        List<Message> messages,
        @Nullable String cursor,
        boolean more,
        @Nullable MessageId upTo) {
    /** Keeps a copy of the list. */
    public MessagePage {
        messages = List.copyOf(messages);
        if (more && cursor == null) {
            throw new IllegalArgumentException("a page with more to come needs a cursor");
        }
    }

    /** A page of something else than one log. */
    public MessagePage(List<Message> messages, @Nullable String cursor, boolean more) {
        this(messages, cursor, more, null);
    }

    /** A page that has nothing and is the last. */
    public static MessagePage empty() {
        return new MessagePage(List.of(), null, false);
    }
}
