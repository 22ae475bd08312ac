package io.redshank.cluster;

/** Trial. */
public final class ClusterJoinException extends Exception {
    private static final long serialVersionUID = 1;

    /** Trial. */
    public ClusterJoinException(String message) {
        super(message);
    }
}
