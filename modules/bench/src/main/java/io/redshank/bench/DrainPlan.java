package io.redshank.bench;

/**
 * What a drain consists of.
 *
 * @param backlog how many messages wait for each session
 * @param size the bytes of a payload
 * @param window how many messages of a publisher may be on their way
 * @param topic what the topics begin with
 */
record DrainPlan(int sessions, int backlog, int qos, DrainFilter filter, int size, int window, String topic) {
    private static final int MOST_PUBLISHERS = 4;
    private static final int MOST_PACKET_IDS = 32_768;

    DrainPlan {
        require(sessions >= 1, "--sessions must be at least 1");
        require(backlog >= 1 && backlog <= 1 << 20, "--backlog must be from 1 to " + (1 << 20));
        require(qos == 1 || qos == 2, "--qos must be 1 or 2: no session keeps messages of QoS 0");
        require(size >= Stamp.SIZE && size <= 64 << 20, "--size must be from " + Stamp.SIZE + " bytes to 64 MiB");
        require(window >= 1 && window <= MOST_PACKET_IDS, "--window must be from 1 to " + MOST_PACKET_IDS);
    }

    /** How many share the sessions among them; each topic has one, so that its order is known. */
    int publishers() {
        return Math.min(MOST_PUBLISHERS, sessions);
    }

    /** How many messages there are in all. */
    long messages() {
        return (long) sessions * backlog;
    }

    /** The topic level of one session in the run with this tag. */
    String level(int tag, int session) {
        return String.format("%s/%08x/%d", topic, tag, session);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
