package io.redshank.app.config;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A verticle of a user's that runs on the node.
 *
 * @param path where in the configuration it stands
 * @param className its class, which is on the class path
 * @param worker whether it may block: it runs on threads of a pool, and not on an event loop
 * @param config what it is told; anything
 */
public record VerticleConfig(String path, String className, int instances, boolean worker, JsonObject config) {
    private static final int MOST_INSTANCES = 1024;
    private static final Pattern CLASS_NAME =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*");

    /** Keeps a copy of what the verticle is told. */
    public VerticleConfig {
        config = config.copy();
    }

    static List<VerticleConfig> from(List<Section> sections) {
        List<VerticleConfig> verticles = new ArrayList<>();
        for (Section section : sections) {
            try (section) {
                verticles.add(new VerticleConfig(
                        section.path(),
                        className(section),
                        section.number("instances", 1, MOST_INSTANCES, 1),
                        section.flag("worker", false),
                        section.raw("config") instanceof JsonObject told ? told : noConfig(section)));
            }
        }
        return List.copyOf(verticles);
    }

    private static JsonObject noConfig(Section section) {
        if (section.raw("config") != null) {
            section.refuse("config", "an object");
        }
        return new JsonObject();
    }

    private static String className(Section section) {
        Object name = section.raw("class");
        if (name instanceof String text && CLASS_NAME.matcher(text).matches()) {
            return text;
        }
        section.refuse("class", "the name of a class, such as \"com.example.AuditVerticle\"");
        return "";
    }
}
