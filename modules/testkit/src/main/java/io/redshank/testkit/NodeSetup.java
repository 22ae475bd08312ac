package io.redshank.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How a node is started: where, and with what. A value; each method answers another one. */
public record NodeSetup(
        Path directory,
        List<String> arguments,
        Map<String, String> environment,
        List<Path> classPath,
        List<String> within) {
    private static final String MQTT_PORT = "mqtt.listeners[0].port";

    public NodeSetup {
        within = List.copyOf(within);
        classPath = List.copyOf(classPath);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** A node as shipped, in this directory. */
    public static NodeSetup in(Path directory) {
        return new NodeSetup(directory, List.of(), Map.of(), List.of(), List.of());
    }

    /** With more words on its command line. */
    public NodeSetup with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new NodeSetup(directory, all, environment, classPath, within);
    }

    /** With one setting more, which wins over files and earlier ones. */
    public NodeSetup set(String path, String value) {
        return with("--set", path + "=" + value);
    }

    /** With a server for pool1. */
    public NodeSetup redis(String address) {
        return set("backend.redis.pool1.server", address);
    }

    /** With this port of MQTT. */
    public NodeSetup port(int port) {
        return set(MQTT_PORT, Integer.toString(port));
    }

    /** The port of MQTT that was set last. */
    public int mqttPort() {
        return arguments.stream()
                .filter(word -> word.startsWith(MQTT_PORT + "="))
                .map(word -> Integer.valueOf(word.substring(MQTT_PORT.length() + 1)))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    /** With an environment variable. */
    public NodeSetup env(String name, String value) {
        Map<String, String> all = new HashMap<>(environment);
        all.put(name, value);
        return new NodeSetup(directory, arguments, all, classPath, within);
    }

    /** With classes beside its own. */
    public NodeSetup classPath(Path more) {
        List<Path> all = new ArrayList<>(classPath);
        all.add(more);
        return new NodeSetup(directory, arguments, environment, all, within);
    }

    /** Started by another command, such as one that puts it into a network of its own, and then becomes it. */
    public NodeSetup within(List<String> command) {
        return new NodeSetup(directory, arguments, environment, classPath, command);
    }
}
