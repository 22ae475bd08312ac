package io.redshank.app.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads one JSON file, and says where in it the reading ended when it is not JSON. */
final class ConfigurationFile {
    private static final long NEVER = -1;

    private ConfigurationFile() {}

    static Future<JsonObject> read(Vertx vertx, Path file) {
        if (!Files.isRegularFile(file)) {
            return refused(file + ": found no such file, allowed: a JSON file that can be read");
        }
        ConfigStoreOptions store = new ConfigStoreOptions()
                .setType("file")
                .setFormat("json")
                .setConfig(new JsonObject().put("path", file.toAbsolutePath().toString()));
        ConfigRetriever retriever = ConfigRetriever.create(
                vertx, new ConfigRetrieverOptions().setScanPeriod(NEVER).addStore(store));
        return retriever.getConfig().eventually(retriever::close).recover(failure -> refused(file + lineOf(failure)));
    }

    private static String lineOf(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof JsonProcessingException syntax && syntax.getLocation() != null) {
                return ", line %d, column %d: found no JSON, %s"
                        .formatted(
                                syntax.getLocation().getLineNr(),
                                syntax.getLocation().getColumnNr(),
                                syntax.getOriginalMessage());
            }
        }
        return ": found no JSON object (" + failure.getMessage() + "), allowed: a JSON file that can be read";
    }

    private static <T> Future<T> refused(String line) {
        return Future.failedFuture(new InvalidConfigurationException(List.of(line)));
    }
}
