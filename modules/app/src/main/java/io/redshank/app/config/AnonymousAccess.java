package io.redshank.app.config;

/** Where clients that do not say who they are may connect. */
public enum AnonymousAccess {
    /** On every listener. */
    EVERYWHERE,
    /** On listeners that only this machine can reach. */
    LOOPBACK,
    /** On no listener. */
    NOWHERE;

    private static final String KEY = "allow_anonymous";

    static AnonymousAccess from(Section mqtt, LoginConfig login) {
        Object value = mqtt.raw(KEY);
        if (Boolean.TRUE.equals(value)) {
            return EVERYWHERE;
        }
        if (Boolean.FALSE.equals(value)) {
            if (login.isChecked()) {
                return NOWHERE;
            }
            // Not LOOPBACK: a second line about each listener would say the same again.
            mqtt.refuse(
                    KEY, "true, \"loopback\"; false only with mqtt.users or mqtt.users_file (nobody could connect)");
            return EVERYWHERE;
        }
        if (value != null && !value.equals("loopback")) {
            mqtt.refuse(KEY, "true, false, \"loopback\"");
        }
        return LOOPBACK;
    }

    /** Whether they may connect to this listener. */
    public boolean isAt(ListenerConfig listener) {
        return this == EVERYWHERE || (this == LOOPBACK && listener.isLoopback());
    }
}
