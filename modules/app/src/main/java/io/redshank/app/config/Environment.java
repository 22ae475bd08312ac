package io.redshank.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings from environment variables: {@code REDSHANK_MQTT__LISTENERS__0__PORT=1884} is {@code mqtt.listeners[0].port}. Two
 * underscores part the words, which are read in lower case; a number is an index; {@code CLIENT_CONNECTED} behind {@code HOOK}
 * is the hook {@code client.connected}. With {@code _FILE} at the end, the value is what that file holds.
 */
final class Environment {
    private static final String PREFIX = "REDSHANK_";
    private static final String FROM_FILE = "_FILE";
    private static final String LOG_LEVEL = "REDSHANK_LOG_LEVEL";
    private static final String HOOKS = "backend.redis.hook";
    private static final String ALLOWED = "REDSHANK_ and a path such as MQTT__ALLOW_ANONYMOUS, or " + LOG_LEVEL;

    /* What Kubernetes puts into every container beside a service named redshank. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("REDSHANK_(SERVICE_HOST|SERVICE_PORT.*|PORT|PORT_\\d+_(TCP|UDP).*)");

    private final Map<String, String> variables;

    Environment(Map<String, String> variables) {
        this.variables = new TreeMap<>(variables);
    }

    List<Assignment> assignments(Problems problems) {
        List<Assignment> assignments = new ArrayList<>();
        variables.forEach((name, value) -> {
            if (isSetting(name)) {
                assignment(name, value, problems).ifPresent(assignments::add);
            }
        });
        return assignments;
    }

    private static boolean isSetting(String name) {
        return name.startsWith(PREFIX)
                && !name.equals(LOG_LEVEL)
                && !SERVICE_LINK.matcher(name).matches();
    }

    private static Optional<Assignment> assignment(String name, String value, Problems problems) {
        boolean fromFile = name.endsWith(FROM_FILE) && name.contains("__");
        String setting = fromFile ? name.substring(0, name.length() - FROM_FILE.length()) : name;
        Optional<ConfigPath> path = setting.contains("__") ? ConfigPath.parse(pathOf(setting)) : Optional.empty();
        if (path.isEmpty()) {
            problems.add(name, "an unknown environment variable", ALLOWED);
            return Optional.empty();
        }
        Optional<String> text = fromFile ? read(name, value, problems) : Optional.of(value);
        return text.map(known -> new Assignment(path.get(), known));
    }

    private static String pathOf(String setting) {
        StringBuilder path = new StringBuilder();
        for (String word :
                setting.substring(PREFIX.length()).toLowerCase(Locale.ROOT).split("__", -1)) {
            if (!word.isEmpty() && word.chars().allMatch(Character::isDigit)) {
                path.append('[').append(word).append(']');
            } else if (path.toString().equals(HOOKS)) {
                path.append('.').append(word.replace('_', '.'));
            } else {
                path.append(path.isEmpty() ? "" : ".").append(word);
            }
        }
        return path.toString();
    }

    private static Optional<String> read(String name, String file, Problems problems) {
        try {
            return Optional.of(Files.readString(Path.of(file)).stripTrailing());
        } catch (IOException | InvalidPathException unreadable) {
            problems.add(name, Problems.shown(file), "a file that can be read");
            return Optional.empty();
        }
    }
}
