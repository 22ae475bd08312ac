package io.redshank.bench;

import java.util.Locale;

/** Who publishes to whom. A topic and all its clients form a group; groups do not meet. */
enum Scenario {
    /** N publishers, each with a topic and a subscriber of its own. */
    PAIRS,
    /** N publishers, one topic, one subscriber. */
    FAN_IN,
    /** One publisher, one topic, N subscribers. */
    FAN_OUT;

    /** The name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How many groups N clients make. */
    int groups(int clients) {
        return this == PAIRS ? clients : 1;
    }

    /** How many publishers each group has. */
    int publishersPerGroup(int clients) {
        return this == FAN_IN ? clients : 1;
    }

    /** How many subscribers each group has. */
    int subscribersPerGroup(int clients) {
        return this == FAN_OUT ? clients : 1;
    }
}
