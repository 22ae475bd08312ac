package io.redshank.bench;

/**
 * What is sent.
 *
 * @param clients the N of the scenario
 * @param size the bytes of a payload
 * @param window how many messages of a publisher may be on their way
 * @param topic what the topics begin with
 */
record Traffic(Scenario scenario, int clients, int qos, int size, int window, String topic) {
    private static final int MOST_PACKET_IDS = 32_768;

    Traffic {
        require(clients >= 1, "--clients must be at least 1");
        require(qos >= 0 && qos <= 2, "--qos must be 0, 1 or 2");
        require(size >= Stamp.SIZE && size <= 64 << 20, "--size must be from " + Stamp.SIZE + " bytes to 64 MiB");
        require(window >= 1 && window <= MOST_PACKET_IDS, "--window must be from 1 to " + MOST_PACKET_IDS);
    }

    /** How many publishers there are in all. */
    int publishers() {
        return scenario.groups(clients) * scenario.publishersPerGroup(clients);
    }

    /** How many subscribers receive each message. */
    int receivers() {
        return scenario.subscribersPerGroup(clients);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
