package io.redshank.model;

/** A value from the wire, from Redis or from configuration that MQTT does not allow. The message says what and why. */
public final class MalformedMqttException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** A malformed value; {@code what} names the rule, and the value itself is shown shortened. */
    public MalformedMqttException(String what, String value) {
        super(what + ": '" + shortened(value) + "'");
    }

    private static String shortened(String value) {
        return value.length() <= 80 ? value : value.substring(0, 77) + "...";
    }
}
