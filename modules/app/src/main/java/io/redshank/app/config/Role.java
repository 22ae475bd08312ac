package io.redshank.app.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A part of the work that a node takes on. */
public enum Role {
    MQTT,
    CONNECTION,
    MESSAGES,
    RETAINED,
    ACKS;

    private final String configName = name().toLowerCase(Locale.ROOT);

    /** The name in a configuration file. */
    public String configName() {
        return configName;
    }

    static Map<String, Role> byConfigName() {
        return Arrays.stream(values()).collect(Collectors.toMap(Role::configName, Function.identity()));
    }
}
