package io.redshank.redis;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * For how long a node may take itself to be alive: others take it for dead some time after that, and clear up what it had. While it is
 * over, nothing is written to Redis, since that might be stale: the process may have been frozen. May be used from any thread.
 */
public final class NodeLease {
    /** How long a beat counts at the node itself, from its sending on: less than it counts in Redis for a node that nobody hears any more. */
    static final long VALID_MILLIS = 3_000;

    /** For so long after that, what is to be written waits; then Redis is as good as away. */
    private static final long PATIENCE_MILLIS = 2_000;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    private static final long VALID_NANOS = TimeUnit.MILLISECONDS.toNanos(VALID_MILLIS);
    /** A node has to be heard for so long until it may say that others are not. */
    private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(NodeBeats.BEAT_COUNTS_MILLIS);

    /** That of what is no node: never over. */
    public static final NodeLease UNLIMITED = new NodeLease(true, null);

    private final boolean unlimited;
    private final @Nullable NodeRun run;
    private boolean begun;
    private boolean ended;
    private long lastNanos;
    private long lastMillis;
    private long steadySinceNanos;

    private NodeLease(boolean unlimited, @Nullable NodeRun run) {
        this.unlimited = unlimited;
        this.run = run;
    }

    /** One of this run of a node, which begins with the first beat. */
    public static NodeLease begin(NodeRun run) {
        return new NodeLease(false, run);
    }

    /** The name of connections under this lease; null for none. */
    @Nullable
    String connectionName() {
        return run == null ? null : run.connectionName();
    }

    /** Whether the node may write. */
    public boolean isValid() {
        return unlimited || isValidNow();
    }

    /** Whether it is valid, or has been until a moment ago, so that the next beat may make it so again. */
    boolean mayWrite() {
        return unlimited || isWithin(VALID_NANOS + PATIENCE_NANOS, VALID_MILLIS + PATIENCE_MILLIS);
    }

    /** Whether it has been valid for so long, without a gap, that others have had the time to be heard. */
    public synchronized boolean isSteady() {
        return isValidNow() && System.nanoTime() - steadySinceNanos >= STEADY_NANOS;
    }

    /** A beat that was sent then has been answered well. */
    public synchronized void renew(long sentNanos, long sentMillis) {
        if (!isValidNow()) {
            steadySinceNanos = System.nanoTime();
        }
        begun = true;
        lastNanos = sentNanos;
        lastMillis = sentMillis;
    }

    /** A beat was not answered well. */
    public synchronized void missed() {
        steadySinceNanos = System.nanoTime();
    }

    /** The node has been declared dead: it is over for good. */
    public synchronized void end() {
        ended = true;
    }

    /** By both clocks: one of them stands still while a machine sleeps, the other one may be set back. */
    private boolean isValidNow() {
        return isWithin(VALID_NANOS, VALID_MILLIS);
    }

    private synchronized boolean isWithin(long nanos, long millis) {
        return begun
                && !ended
                && System.nanoTime() - lastNanos < nanos
                && System.currentTimeMillis() - lastMillis < millis;
    }
}
