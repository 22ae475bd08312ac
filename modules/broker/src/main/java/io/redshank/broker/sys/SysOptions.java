package io.redshank.broker.sys;

import java.time.Duration;

/**
 * What is said under {@code $SYS}.
 *
 * @param version of this program, with its name before
 * @param interval how often it is looked at what has changed; zero: nothing is said
 */
public record SysOptions(String version, Duration interval) {}
