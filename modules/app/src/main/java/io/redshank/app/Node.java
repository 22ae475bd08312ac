package io.redshank.app;

import io.redshank.app.config.Configuration;

/** One running node. */
final class Node {
    private Node() {}

    /** Starts a node, which runs until the process is told to end. */
    static void run(Configuration configuration) {
        throw new UnsupportedOperationException("cannot run " + configuration.summary());
    }
}
