package io.redshank.redis;

import io.redshank.model.NodeName;
import org.jspecify.annotations.Nullable;

/** One run of a node, from its start to its end. */
public record NodeRun(NodeName node, long incarnation) {
    /** As it is written into the index of those that live. */
    public String text() {
        return incarnation + " " + node;
    }

    /** The name of its connections to Redis, by which others can end them. */
    String connectionName() {
        return "redshank:" + incarnation + ":" + Integer.toHexString(node.hashCode());
    }

    /** What is written there; null if it is not readable. */
    static @Nullable NodeRun read(String text) {
        int space = text.indexOf(' ');
        try {
            return new NodeRun(
                    new NodeName(text.substring(space + 1)), Long.parseLong(text.substring(0, Math.max(0, space))));
        } catch (IllegalArgumentException damaged) {
            return null;
        }
    }
}
