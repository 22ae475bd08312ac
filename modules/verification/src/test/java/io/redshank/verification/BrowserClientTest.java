package io.redshank.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.redshank.testkit.NodeFixture;
import io.redshank.testkit.NodeProcess;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * MQTT.js in a browser, over WebSocket. Needs Chromium on the PATH, and MQTT.js as {@code target/mqtt.min.js} or where
 * {@code REDSHANK_MQTT_JS} says; without them it is skipped.
 */
class BrowserClientTest {
    private static final int WEBSOCKET_PORT = NodeProcess.freePort();

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped()
            .with(setup -> setup.set(
                    "mqtt.listeners[1]", "{\"type\":\"ws\",\"host\":\"127.0.0.1\",\"port\":" + WEBSOCKET_PORT + "}"));

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<JsonObject> result = new CompletableFuture<>();

    @Test
    void mqttJsInChromium_publishesAndReceives_withProperties(@TempDir Path profile) throws Exception {
        Optional<Path> chromium = onPath("chromium");
        Optional<Path> library = mqttJs();
        assumeTrue(chromium.isPresent(), "skipped: Chromium is not installed");
        assumeTrue(library.isPresent(), "skipped: MQTT.js is not there, see the comment of this class");
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> serve(request, library.orElseThrow()))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        Process browser = start(chromium.orElseThrow(), profile, "http://127.0.0.1:" + server.actualPort() + "/");
        try {
            JsonObject seen = result.get(60, TimeUnit.SECONDS);
            assertThat(seen.getString("failure")).isNull();
            assertThat(seen.getJsonArray("messages")).isEqualTo(expected());
            assertThat(node.process().errWith("ERROR")).isEmpty();
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static JsonArray expected() {
        JsonArray messages = new JsonArray();
        for (int version = 4; version <= 5; version++) {
            for (int qos = 0; qos <= 2; qos++) {
                boolean properties = version == 5;
                messages.add(new JsonObject()
                        .put("version", version)
                        .put("topic", "browser/" + version + "/" + qos)
                        .put("payload", "from the browser \u00e4\u20ac")
                        .put("qos", qos)
                        .put("contentType", properties ? "text/plain" : null)
                        .put("user", properties ? "green" : null));
            }
        }
        return messages;
    }

    private void serve(HttpServerRequest request, Path library) {
        switch (request.path()) {
            case "/" ->
                request.response()
                        .putHeader("Content-Type", "text/html; charset=utf-8")
                        .end(page());
            case "/mqtt.js" -> request.response().sendFile(library.toString());
            case "/result" ->
                request.body().onSuccess(body -> {
                    result.complete(body.toJsonObject());
                    request.response().end();
                });
            default -> request.response().setStatusCode(404).end();
        }
    }

    private static String page() {
        return """
                <!DOCTYPE html><script src="/mqtt.js"></script><script>
                const done = outcome => fetch('/result', {method: 'POST', body: JSON.stringify(outcome)});
                const properties = {contentType: 'text/plain', userProperties: {colour: 'green'}};
                async function exchange(version) {
                  const client = await mqtt.connectAsync('ws://127.0.0.1:PORT/mqtt', {protocolVersion: version, reconnectPeriod: 0});
                  await client.subscribeAsync('browser/' + version + '/+', {qos: 2});
                  const messages = [];
                  for (let qos = 0; qos <= 2; qos++) {
                    const arrival = new Promise(resolve => client.once('message', (topic, payload, packet) => resolve({
                      version, topic, payload: payload.toString(), qos: packet.qos,
                      contentType: packet.properties?.contentType ?? null,
                      user: packet.properties?.userProperties?.colour ?? null})));
                    await client.publishAsync('browser/' + version + '/' + qos, 'from the browser \u00e4\u20ac',
                        version === 5 ? {qos, properties} : {qos});
                    messages.push(await arrival);
                  }
                  await client.endAsync();
                  return messages;
                }
                (async () => [...await exchange(4), ...await exchange(5)])()
                  .then(messages => done({messages}), failure => done({failure: String(failure)}));
                </script>""".replace("PORT", Integer.toString(WEBSOCKET_PORT));
    }

    private static Process start(Path chromium, Path profile, String page) throws IOException {
        List<String> command = List.of(
                chromium.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--user-data-dir=" + profile,
                "--remote-debugging-port=0", // keeps it open
                page);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Optional<Path> mqttJs() {
        String place = System.getenv("REDSHANK_MQTT_JS");
        Path library = Path.of(place == null ? "target/mqtt.min.js" : place).toAbsolutePath();
        return Optional.of(library).filter(Files::isRegularFile);
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
