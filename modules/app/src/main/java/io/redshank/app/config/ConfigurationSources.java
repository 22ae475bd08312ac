package io.redshank.app.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where a node's settings come from: the built-in configuration, then files, then the environment, then the command line; what
 * comes later wins.
 *
 * @param files as named by the user; with none, {@code conf/redshank.json} in the working directory if it is there
 * @param assignments {@code path=value}, as on the command line
 */
public record ConfigurationSources(
        Path workingDirectory, List<Path> files, Map<String, String> environment, List<String> assignments) {
    private static final String BUILT_IN = "/io/redshank/app/redshank.json";
    private static final Path DEFAULT_FILE = Path.of("conf", "redshank.json");

    public ConfigurationSources {
        files = List.copyOf(files);
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
    }

    /** The checked configuration; fails with {@link InvalidConfigurationException} when there is none. */
    public Future<Configuration> load(Vertx vertx) {
        return readFiles(vertx)
                .compose(
                        read -> vertx.executeBlocking(() -> configuration(builtIn(), read))); // it looks into PEM files
    }

    private Configuration configuration(JsonObject builtIn, List<JsonObject> read)
            throws InvalidConfigurationException {
        Problems problems = new Problems();
        JsonObject merged = Layers.merge(builtIn, read);
        new Environment(environment).assignments(problems).forEach(assignment -> assignment.applyTo(merged, problems));
        for (String text : assignments) {
            Assignment.parse(text)
                    .ifPresentOrElse(
                            assignment -> assignment.applyTo(merged, problems),
                            () -> problems.add("--set", Problems.shown(text.split("=", 2)[0]), "path=value"));
        }
        return Configuration.of(merged, problems);
    }

    /** The configuration as shipped, which the build packs beside the classes. */
    static JsonObject builtIn() {
        try (InputStream resource = ConfigurationSources.class.getResourceAsStream(BUILT_IN)) {
            return Buffer.buffer(Objects.requireNonNull(resource).readAllBytes())
                    .toJsonObject();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All of the files, or what is wrong with any of them. */
    private Future<List<JsonObject>> readFiles(Vertx vertx) {
        List<Future<JsonObject>> reads = present().stream()
                .map(file -> ConfigurationFile.read(vertx, file))
                .toList();
        return Future.join(reads)
                .map(all -> all.<JsonObject>list())
                .recover(failure -> Future.failedFuture(together(reads, failure)));
    }

    private List<Path> present() {
        if (!files.isEmpty()) {
            return files.stream().map(workingDirectory::resolve).toList();
        }
        Path standard = workingDirectory.resolve(DEFAULT_FILE);
        return !Files.notExists(standard) ? List.of(standard) : List.of();
    }

    private static Throwable together(List<Future<JsonObject>> reads, Throwable first) {
        List<String> lines = new ArrayList<>();
        for (Future<JsonObject> read : reads) {
            if (read.cause() instanceof InvalidConfigurationException invalid) {
                lines.addAll(invalid.lines());
            }
        }
        return lines.isEmpty() ? first : new InvalidConfigurationException(lines);
    }
}
