package io.redshank.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A message as a device got it, or as its will is. Compared by its fields, the payload as text. */
public record Arrival(String topic, String payload, int qos, boolean retain) {
    /** With a payload of bytes, which are read as UTF-8. */
    public static Arrival of(String topic, byte[] payload, int qos, boolean retain) {
        return new Arrival(topic, new String(payload, UTF_8), qos, retain);
    }
}
