package io.redshank.app.config;

/** Where clients that do not say who they are may connect. */
public enum AnonymousAccess {
    /** On every listener. */
    EVERYWHERE,
    /** On listeners that only this machine can reach. */
    LOOPBACK;

    private static final String KEY = "allow_anonymous";

    static AnonymousAccess from(Section mqtt) {
        Object value = mqtt.raw(KEY);
        if (Boolean.TRUE.equals(value)) {
            return EVERYWHERE;
        }
        if (Boolean.FALSE.equals(value)) {
            // Not LOOPBACK: a second line about each listener would say the same again.
            mqtt.refuse(KEY, "true, \"loopback\" (this version has no authentication, so nobody could connect)");
            return EVERYWHERE;
        }
        if (value != null && !value.equals("loopback")) {
            mqtt.refuse(KEY, "true, \"loopback\"");
        }
        return LOOPBACK;
    }
}
