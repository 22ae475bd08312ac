package io.redshank.embedded;

import java.nio.file.Path;

/**
 * What an embedded Redis shall be like.
 *
 * @param directory where its data, log and pid are; one owner at a time
 * @param preferredPort taken if it is free, else any free one; 0 for any
 * @param persistent whether writes go to an append-only file, and are there again after the next start
 */
public record EmbeddedRedisOptions(Path directory, int preferredPort, boolean persistent) {
    /** Makes the directory absolute: the server's working directory is the directory itself. */
    public EmbeddedRedisOptions {
        directory = directory.toAbsolutePath().normalize();
    }
}
