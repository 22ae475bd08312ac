package io.redshank.cluster.join;

/** A node that did not get into its cluster; the message says in one sentence why, and what to do. */
public final class ClusterJoinException extends Exception {
    private static final long serialVersionUID = 1L;

    ClusterJoinException(String sentence) {
        super(sentence);
    }

    ClusterJoinException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
