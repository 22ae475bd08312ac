package io.redshank.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** How many files this process may open, of which each connection is one. */
final class OpenFiles {
    /** For the JVM itself here; a broker under the same limit needs about as many for its own purposes. */
    private static final long RESERVED = 512;

    private OpenFiles() {}

    static long limit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    /** How many connections there can be. */
    static int mostConnections() {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit() - RESERVED));
    }

    /** The failure to open a connection, in words that help. */
    static BenchFailedException explain(String client, int open, IOException failure) {
        boolean outOfFiles = String.valueOf(failure.getMessage()).contains("Too many open files");
        String hint = outOfFiles
                ? " at " + open + " connections: raise the limit of " + limit() + " files (ulimit -n), or lower --open"
                : "";
        return new BenchFailedException(client + ": " + failure.getMessage() + hint, failure);
    }
}
