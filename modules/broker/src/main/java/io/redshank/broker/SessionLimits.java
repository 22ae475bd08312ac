package io.redshank.broker;

/**
 * What a session may be.
 *
 * @param expirySeconds how long an MQTT 3 session without clean session outlives its connection
 * @param maxExpirySeconds how long any session may; a client of MQTT 5 that wants more is told
 * @param maxSubscriptions how many subscriptions a session may have; more are refused with 0x97
 * @param maxKeepAliveSeconds the longest keep-alive of an MQTT 5 client, which is told if it wants more; 0 for any
 */
public record SessionLimits(long expirySeconds, long maxExpirySeconds, int maxSubscriptions, int maxKeepAliveSeconds) {}
