package io.redshank.broker.sys;

import java.util.Locale;

/**
 * How much of something there is in a minute, as a moving average over some minutes: each measurement weighs the less the longer
 * it is past, by the formula that Mosquitto uses.
 */
final class LoadAverage {
    private static final double SECONDS_PER_MINUTE = 60;

    private final double overSeconds;
    private double perMinute;

    LoadAverage(int minutes) {
        this.overSeconds = minutes * SECONDS_PER_MINUTE;
    }

    /** So many more within the last seconds, of which there were more than 0. */
    void measured(long more, double seconds) {
        double now = more * SECONDS_PER_MINUTE / seconds;
        perMinute = now + Math.exp(-seconds / overSeconds) * (perMinute - now);
    }

    /** With two places behind the point. */
    String text() {
        return String.format(Locale.ROOT, "%.2f", perMinute);
    }
}
