package io.redshank.events;

import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import java.util.List;

/**
 * What a node wants of others: told to each of them.
 *
 * @param node the one that wants it
 * @param part whether this is news, or a part of all that it wants
 */
public record RoutesChanged(NodeName node, Part part, List<TopicFilter> added, List<TopicFilter> removed) {
    /** What a list of filters stands for. */
    public enum Part {
        /** What has changed since the last word. */
        NEWS,
        /** The beginning of all that the node wants; what it wanted before and is not told again is over with the end. */
        BEGINNING,
        /** The next piece of that. */
        MIDDLE,
        /** The last piece of that; may be the first as well, after an empty beginning. */
        END
    }

    /** Keeps copies of the lists. */
    public RoutesChanged {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }
}
