package io.redshank.events;

import io.redshank.model.TopicName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the topics asked for; one may occur on several pages.
 *
 * @param cursor where this page ended; null if it is the last
 */
public record TopicPage(List<TopicName> topics, @Nullable String cursor) {
    /** Keeps a copy of the list. */
    public TopicPage {
        topics = List.copyOf(topics);
    }
}
