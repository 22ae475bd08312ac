package io.redshank.app.emqx;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.app.config.BackendConfig;
import io.redshank.app.config.ConfigurationSources;
import io.redshank.app.config.PoolSettings;
import io.redshank.hooks.BackendFunction;
import io.redshank.hooks.FunctionAction;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.redshank.redis.PoolType;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmqxImportTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void manual_isCarriedOverWhole() throws Exception {
        EmqxImport imported = EmqxImport.of(resource("manual-3.x.conf"));
        assertThat(imported.remarks()).isEmpty();
        BackendConfig backend = parsed(imported);
        PoolSettings pool = backend.usedPools().get(0);
        assertThat(pool.server()).hasToString("127.0.0.1:6379");
        assertThat(pool.database()).isEqualTo(1);
        assertThat(backend.expiredAfter()).hasSeconds(3600);
        assertThat(backend.hooks().all()).hasSize(12);
        assertThat(functions(backend, Hook.MESSAGE_PUBLISH))
                .containsExactly(
                        BackendFunction.ON_MESSAGE_PUBLISH,
                        BackendFunction.ON_MESSAGE_RETAIN,
                        BackendFunction.ON_RETAIN_DELETE);
        assertThat(backend.hooks().entries(Hook.CLIENT_CONNECTED)).hasSize(3);
        assertThat(backend.hooks().any(Hook.SESSION_UNSUBSCRIBED)).isFalse();
    }

    @Test
    void manualWithItsSentinelLines_becomesASentinelPool() throws Exception {
        String file = resource("manual-3.x.conf").replace("## backend.redis.", "backend.redis.");
        EmqxImport imported = EmqxImport.of(file);
        assertThat(imported.remarks())
                .containsExactly(
                        "line 2: backend.redis.pool1.server: replaced by the sentinels of line 5",
                        "line 5: backend.redis.server: names no pool; taken as backend.redis.pool1.server",
                        "line 8: backend.redis.sentinel: names no pool; taken as backend.redis.pool1.sentinel");
        PoolSettings pool = parsed(imported).usedPools().get(0);
        assertThat(pool.type()).isEqualTo(PoolType.SENTINEL);
        assertThat(pool.server()).hasToString("127.0.0.1:26378");
        assertThat(pool.masterName()).isEqualTo("mymaster");
    }

    @Test
    void rulesOf2x_becomeHooks() throws Exception {
        EmqxImport imported = EmqxImport.of(resource("old-2.x.conf"));
        BackendConfig backend = parsed(imported);
        assertThat(functions(backend, Hook.CLIENT_CONNECTED))
                .containsExactly(BackendFunction.ON_CLIENT_CONNECTED, BackendFunction.ON_SUBSCRIBE_LOOKUP);
        assertThat(functions(backend, Hook.SESSION_SUBSCRIBED))
                .containsExactly(BackendFunction.ON_MESSAGE_FETCH_FOR_PUBSUB, BackendFunction.ON_RETAIN_LOOKUP);
        assertThat(functions(backend, Hook.MESSAGE_ACKED)).containsExactly(BackendFunction.ON_MESSAGE_ACKED_FOR_PUBSUB);
        assertThat(backend.hooks().all()).hasSize(9);
        assertThat(imported.remarks()).hasSize(4);
        assertThat(imported.remarks().subList(0, 3))
                .containsExactly(
                        "line 10: backend.redis.rule.4: function on_message_fetch of 2.x is written as"
                                + " on_message_fetch_for_pubsub",
                        "line 15: backend.redis.rule.9: function on_message_acked of 2.x is written as"
                                + " on_message_acked_for_pubsub",
                        "line 16: backend.redis.rule.10: there is no such action here");
        assertThat(imported.remarks().get(3)).contains("mqtt:state:${clientid}");
    }

    @Test
    void fileWithEverything_keepsWhatCanBeKept() throws Exception {
        EmqxImport imported = EmqxImport.of(resource("whole-4.x.conf"));
        JsonObject encrypted = imported.configuration()
                .getJsonObject("backend")
                .getJsonObject("redis")
                .getJsonObject("pool1");
        assertThat(encrypted)
                .contains(Map.entry("ssl", true), Map.entry("cafile", "etc/certs/ca.pem"))
                .contains(Map.entry("certfile", "etc/certs/cert.pem"));
        BackendConfig backend = parsed(withoutTls(imported));
        PoolSettings first = Objects.requireNonNull(backend.pools().get("pool1"));
        assertThat(first.type()).isEqualTo(PoolType.SENTINEL);
        assertThat(first.server()).hasToString("10.0.0.1:26379,10.0.0.2:26379");
        assertThat(first.password()).isEqualTo("p=ss # word");
        PoolSettings second = Objects.requireNonNull(backend.pools().get("pool2"));
        assertThat(second.type()).isEqualTo(PoolType.CLUSTER);
        assertThat(second.server().toString()).startsWith("10.0.1.1:7000,");
        assertThat(backend.expiredAfter()).hasSeconds(7200);
        assertThat(backend.hooks().entries(Hook.CLIENT_CONNECTED))
                .extracting(HookEntry::pool)
                .containsExactly("pool1", "pool2");
        assertThat(backend.hooks().entries(Hook.SESSION_CREATED)).hasSize(1);
        assertThat(backend.hooks().entries(Hook.MESSAGE_DELIVERED)).hasSize(1);
        assertThat(functions(backend, Hook.MESSAGE_ACKED))
                .containsExactly(BackendFunction.ON_MESSAGE_ACKED_FOR_KEEP_LATEST);
        assertThat(backend.hooks().entries(Hook.MESSAGE_PUBLISH))
                .extracting(HookEntry::expiredSeconds)
                .containsExactly(3600L, 7200L);
        JsonArray commands = hooks(imported)
                .getJsonArray("message.publish")
                .getJsonObject(1)
                .getJsonObject("action")
                .getJsonArray("commands");
        assertThat(commands).containsExactly("pipeline", "HMSET m:${msgid} ${message}", "INCR n");
    }

    @Test
    void fileWithEverything_saysWhatIsLost() throws Exception {
        assertThat(EmqxImport.of(resource("whole-4.x.conf")).remarks())
                .containsExactly(
                        "line 9: backend.redis.pool1.ssl: the name in the server's certificate is checked, too, unless"
                                + " \"verify_hostname\" is false",
                        "line 12: backend.redis.pool1.auto_reconnect: there is no such setting here",
                        "line 22: backend.redis.hook.client.disconnected.1: client.disconnected has no topic; \"a\" is"
                                + " left out",
                        "line 24: backend.redis.hook.session.subscribed.2: \"offline_opts\" is not known here and left"
                                + " out",
                        "line 28: backend.redis.hook.message.publish.4: command \"SET k ${node}\": found ${node}, allowed"
                                + " under message.publish: ${clientid}, ${username}, ${ts}, ${topic}, ${qos}, ${msgid},"
                                + " ${payload}, ${message}",
                        "line 30: backend.redis.hook.message.acked.1: found \"a/#/b\", allowed: a topic filter (# is not"
                                + " the last level: 'a/#/b')",
                        "line 32: backend.redis.hook.message.dropped.1: there is no hook message.dropped",
                        "line 33: backend.redis.hook.message.acked.3: found neither function nor commands, allowed: one"
                                + " of them; found an unknown key, allowed: commands, function",
                        "line 34: backend.redis.hook.message.acked.4: its value is not a JSON object",
                        "line 35: listener.tcp.external: not a setting of the Redis backend",
                        "line 36: nonsense: not of the form key = value");
    }

    @Test
    void hooksThatTheFileDoesNotMention_areOff() {
        JsonObject hooks = hooks(EmqxImport.of("backend.redis.pool1.server = h"));
        for (Hook hook : Hook.values()) {
            assertThat(hooks.getJsonArray(hook.configName())).isEmpty();
        }
    }

    @Test
    void poolThatIsNotDefined_getsTheServerOfTheOriginal() throws Exception {
        EmqxImport imported = EmqxImport.of(
                "backend.redis.hook.client.connected.1 = {\"action\":{\"function\":\"on_client_connected\"},\"pool\":\"p\"}");
        assertThat(parsed(imported).usedPools()).singleElement().hasToString("p (127.0.0.1:6379)");
        assertThat(imported.remarks())
                .containsExactly(
                        "line 1: backend.redis.hook.client.connected.1: pool p is not defined; written with the"
                                + " server 127.0.0.1:6379");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    backend.redis.pool1.pool_size = many | line 1: backend.redis.pool1.pool_size: found "many", allowed: a whole number from 1 to 1024
                    backend.redis.pool1.database = -1    | line 1: backend.redis.pool1.database: found -1, allowed: a whole number from 0 to 16777215
                    backend.redis.pool1.server = a b     | line 1: backend.redis.pool1.server: found "a b", allowed: "embedded", or one host[:port]; written as 127.0.0.1:6379
                    backend.redis.pool1.type = sentinel  | line 1: backend.redis.pool1.type: no sentinel names the master; written as single with the first server, which must then hold every key
                    backend.redis.msg.expired_after = 1h | line 1: backend.redis.msg.expired_after: found "1h", allowed: a whole number of seconds up to 3153600000; 0 or less is the default
                    backend.redis.rule.x = {}            | line 1: backend.redis.rule.x: it does not end in a number
                    """)
    void badValue_isSaid(String line, String remark) throws Exception {
        EmqxImport imported = EmqxImport.of(line);
        assertThat(imported.remarks()).contains(remark);
        assertThat(parsed(imported).hooks().all()).isEmpty();
    }

    @Test
    void fileWithoutSettings_isEmpty() {
        assertThat(EmqxImport.of("## nothing\r\n\r\nlistener.tcp.external = 1883\r\n")
                        .empty())
                .isTrue();
        assertThat(EmqxImport.of("\uFEFFbackend.redis.pool1.server = h\r\n").empty())
                .isFalse();
    }

    /** What our own node makes of the output, given to it as a file. */
    private BackendConfig parsed(EmqxImport imported) throws Exception {
        return parsed(imported.configuration());
    }

    /** For files that are not on this machine. */
    private static JsonObject withoutTls(EmqxImport imported) {
        JsonObject copy = imported.configuration().copy();
        copy.getJsonObject("backend")
                .getJsonObject("redis")
                .getJsonObject("pool1")
                .put("ssl", false);
        return copy;
    }

    private BackendConfig parsed(JsonObject configuration) throws Exception {
        Path file = Files.writeString(directory.resolve("imported.json"), configuration.encodePrettily());
        Vertx vertx = Vertx.vertx();
        try {
            return new ConfigurationSources(directory, List.of(file), Map.of(), List.of())
                    .load(vertx)
                    .await(5, SECONDS)
                    .backend();
        } finally {
            vertx.close().await(5, SECONDS);
        }
    }

    private static List<BackendFunction> functions(BackendConfig backend, Hook hook) {
        return backend.hooks().entries(hook).stream()
                .map(entry -> ((FunctionAction) entry.action()).function())
                .toList();
    }

    private static JsonObject hooks(EmqxImport imported) {
        return imported.configuration()
                .getJsonObject("backend")
                .getJsonObject("redis")
                .getJsonObject("hook");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(EmqxImportTest.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
