package io.redshank.model;

/** A name and a value that MQTT carries for applications, as often and in the order they were given (MQTT 5, 3.3.2.3.7). */
public record UserProperty(String name, String value) {
    /** Rejects text that MQTT strings may not hold. */
    public UserProperty {
        name = Utf8.checked("user property name", name);
        value = Utf8.checked("user property value", value);
    }
}
