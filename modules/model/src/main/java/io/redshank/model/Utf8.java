package io.redshank.model;

/** What MQTT allows in any of its strings (MQTT 5, section 1.5.4). */
final class Utf8 {
    /** The longest string, in bytes of UTF-8, that MQTT's two-byte length can carry. */
    static final int MAX_BYTES = 65_535;

    private Utf8() {}

    /** The value itself, once it is known to have no NUL, no lone surrogate, and to fit the two-byte length. */
    static String checked(String what, String value) {
        int bytes = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0) {
                throw new MalformedMqttException(what + " holds NUL", value); // [MQTT-1.5.4-2]
            }
            if (Character.isHighSurrogate(c)) {
                if (i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    throw new MalformedMqttException(what + " is not valid UTF-8", value); // [MQTT-1.5.4-1]
                }
                bytes += 4;
                i++;
            } else if (Character.isLowSurrogate(c)) {
                throw new MalformedMqttException(what + " is not valid UTF-8", value);
            } else {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
        if (bytes > MAX_BYTES) {
            throw new MalformedMqttException(what + " is longer than 65535 bytes", value);
        }
        return value;
    }
}
