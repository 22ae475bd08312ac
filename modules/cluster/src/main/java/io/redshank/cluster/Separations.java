package io.redshank.cluster;

import io.redshank.events.Member;
import io.redshank.model.NodeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which runs of other nodes could be reached once and cannot any more, and since when: some of them come back, when a partition of
 * the cluster heals. Confined to the context of the node's verticle.
 */
final class Separations {
    /** A node is missed only so long after its last word. */
    private static final long NOT_MISSED_AT_ONCE_MILLIS = TimeUnit.SECONDS.toMillis(20);

    private static final int MOST = 1000;

    private record Run(NodeName node, long incarnation) {}

    private final Map<Run, Long> since = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Run, Long> eldest) {
            return size() > MOST;
        }
    };

    /** From when on a node may not have been reached that is found missing now. */
    static long notMissedAtOnce() {
        return System.currentTimeMillis() - NOT_MISSED_AT_ONCE_MILLIS;
    }

    /** This run is not reached since then, in milliseconds since 1970; the first word counts. */
    void begin(Member run, long sinceMillis) {
        since.putIfAbsent(new Run(run.node(), run.incarnation()), sinceMillis);
    }

    /** It is reached: since when it may not have been, in milliseconds since 1970; 0 if it has been all the time. */
    long end(Member run) {
        Long begun = since.remove(new Run(run.node(), run.incarnation()));
        return begun == null ? 0 : begun;
    }
}
