package io.redshank.redis;

/** The unit in which timestamps are written to Redis. Both are read, whatever is written. */
public enum TimestampUnit {
    SECONDS(1000),
    MILLISECONDS(1);

    /** From here on a number means milliseconds: as seconds it would be the year 5138. */
    private static final long LEAST_MILLIS = 100_000_000_000L;

    private final long millisPerUnit;

    TimestampUnit(long millisPerUnit) {
        this.millisPerUnit = millisPerUnit;
    }

    /** This time, which is in milliseconds since 1970, in this unit. */
    public long of(long millis) {
        return millis / millisPerUnit;
    }

    /** The milliseconds since 1970 of a stored timestamp of either unit. */
    public static long millisOf(long stored) {
        return stored >= LEAST_MILLIS ? stored : stored * 1000;
    }
}
