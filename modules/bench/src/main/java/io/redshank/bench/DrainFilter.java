package io.redshank.bench;

import java.util.Locale;

/** What a session subscribes to below the level that is its own. */
enum DrainFilter {
    /** The topic itself. */
    EXACT("", ""),
    /** All below its level, where the messages go. */
    WILDCARD("/state", "/#");

    private final String topicEnd;
    private final String filterEnd;

    DrainFilter(String topicEnd, String filterEnd) {
        this.topicEnd = topicEnd;
        this.filterEnd = filterEnd;
    }

    String topic(String level) {
        return level + topicEnd;
    }

    String filter(String level) {
        return level + filterEnd;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
