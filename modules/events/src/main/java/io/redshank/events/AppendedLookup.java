package io.redshank.events;

import io.redshank.model.ClientId;
import io.redshank.model.TopicFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks which topics that these filters match had messages stored in a span of time.
 *
 * @param since its begin, in milliseconds since 1970
 * @param until its end; what is stored later may be left out
 * @param cursor where the page before ended; null for the first
 */
public record AppendedLookup(
        ClientId client,
        List<TopicFilter> filters,
        long since,
        long until,
        @Nullable String cursor) {
    /** Keeps a copy of the list. */
    public AppendedLookup {
        filters = List.copyOf(filters);
    }
}
