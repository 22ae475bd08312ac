package io.redshank.app.config;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.redshank.cluster.join.ClusterAddress;
import io.redshank.cluster.join.Discovery;
import io.redshank.hooks.Hook;
import io.redshank.hooks.HookEntry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where settings come from, and which of them wins. */
class ConfigurationSourcesTest {
    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @Test
    void laterSources_win() throws Exception {
        Path one = file("one.json", "{'mqtt':{'listeners':[{'port':1}],'max_inflight':1,'max_queued_messages':1}}");
        Path two = file("two.json", "{'mqtt':{'max_inflight':2,'max_queued_messages':2},'node':{'name':'two'}}");
        Configuration loaded = load(
                List.of(one, two),
                Map.of("REDSHANK_MQTT__MAX_QUEUED_MESSAGES", "3", "REDSHANK_NODE__NAME", "three"),
                "node.name=four");
        assertThat(loaded.mqtt().listeners()).extracting(ListenerConfig::port).containsExactly(1);
        assertThat(loaded.mqtt().limits().outbound().maxInflight()).isEqualTo(2);
        assertThat(loaded.mqtt().limits().outbound().maxQueuedMessages()).isEqualTo(3);
        assertThat(loaded.node().name().value()).isEqualTo("four");
    }

    @Test
    void filesAsShipped_areANodeOfACluster_thatNeedsANameAndAPortOnly() throws Exception {
        Path conf = Path.of("..", "..", "conf").toAbsolutePath();
        Configuration second = load(
                List.of(conf.resolve("redshank.json"), conf.resolve("cluster.json")),
                Map.of(
                        "REDSHANK_CLUSTER__SECRET_FILE",
                        file("secret", "known to all of us\n").toString()),
                "node.name=second@127.0.0.1",
                "mqtt.listeners[0].port=1884");
        assertThat(second.cluster().enabled()).isTrue();
        assertThat(second.cluster().address()).isEqualTo(ClusterAddress.loopback());
        assertThat(second.cluster().discovery()).isEqualTo(new Discovery.Members(List.of("127.0.0.1")));
        assertThat(second.cluster().secret()).isEqualTo("known to all of us");
        assertThat(port(second)).isEqualTo(1884);
        PoolSettings pool = second.backend().usedPools().get(0);
        assertThat(pool).hasToString("pool1 (127.0.0.1:6379)");
        assertThat(pool.database()).isEqualTo(1);
        assertThat(second.backend().hooks().all()).isNotEmpty();
    }

    @Test
    void fileInConf_isReadUnlessAnotherIsNamed() throws Exception {
        Files.createDirectory(directory.resolve("conf"));
        Path standard = file("conf/redshank.json", "{'mqtt':{'listeners':[{'port':7}]}}");
        assertThat(standard).exists();
        assertThat(port(load(List.of(), Map.of()))).isEqualTo(7);
        assertThat(port(load(List.of(file("other.json", "{}")), Map.of()))).isEqualTo(1883);
    }

    @Test
    void fileWithAPool_losesTheBuiltInOne() throws Exception {
        Path file = file("c.json", "{'backend':{'redis':{'main':{'server':'h:1'},'hook':{'client.connected':[]}}}}");
        BackendConfig backend = load(List.of(file), Map.of()).backend();
        assertThat(backend.pools()).containsOnlyKeys("main");
        assertThat(backend.hooks().any(Hook.CLIENT_CONNECTED)).isFalse();
        assertThat(backend.hooks().all())
                .isNotEmpty()
                .extracting(HookEntry::pool)
                .containsOnly("main");
    }

    @Test
    void fileWithPool1_takesNothingFromTheBuiltInPool1() throws Exception {
        Path file = file("c.json", "{'backend':{'redis':{'pool1':{'server':'h'}}}}");
        PoolSettings pool = load(List.of(file), Map.of()).backend().usedPools().get(0);
        assertThat(pool.database()).isZero();
        assertThat(pool.server()).hasToString("h:6379");
    }

    @Test
    void fileWithTwoOtherPools_leavesDefaultEntriesWithoutOne() throws Exception {
        Path file = file("c.json", "{'backend':{'redis':{'a':{'server':'h'},'b':{'server':'h'}}}}");
        assertThat(errors(List.of(file), Map.of()))
                .contains("backend.redis.hook.client.connected[0].pool: found \"pool1\", allowed: a, b");
    }

    @Test
    void entryWithoutPool_isAnErrorWhenThereAreTwo() throws Exception {
        Path file = file(
                "c.json",
                "{'backend':{'redis':{'pool1':{'server':'h'},'b':{'server':'h'},"
                        + "'hook':{'message.acked':[{'action':{'commands':['INCR n']}}]}}}}");
        assertThat(errors(List.of(file), Map.of()))
                .containsExactly("backend.redis.hook.message.acked[0].pool: found nothing, allowed: b, pool1");
    }

    @Test
    void environment_reachesArraysHooksAndBuiltInPool() throws Exception {
        Configuration loaded = load(
                List.of(),
                Map.of(
                        "REDSHANK_MQTT__LISTENERS__0__PORT", "1884",
                        "REDSHANK_BACKEND__REDIS__HOOK__CLIENT_CONNECTED", "[]",
                        "REDSHANK_BACKEND__REDIS__POOL1__SERVER", "redis:6379",
                        "REDSHANK_BACKEND__REDIS__POOL1__PASSWORD", "00123",
                        "REDSHANK_LOG_LEVEL", "DEBUG",
                        "REDSHANK_SERVICE_HOST", "10.0.0.1",
                        "REDSHANK_PORT_1883_TCP_ADDR", "10.0.0.1",
                        "PATH", "/bin"));
        assertThat(port(loaded)).isEqualTo(1884);
        assertThat(loaded.backend().hooks().any(Hook.CLIENT_CONNECTED)).isFalse();
        PoolSettings pool = loaded.backend().usedPools().get(0);
        assertThat(pool.server()).hasToString("redis:6379");
        assertThat(pool.password()).isEqualTo("00123");
        assertThat(pool.database()).isEqualTo(1);
    }

    @Test
    void secret_mayStandInAFile() throws Exception {
        Path secret = file("secret", "s3 cret\n");
        Configuration loaded =
                load(List.of(), Map.of("REDSHANK_BACKEND__REDIS__POOL1__PASSWORD_FILE", secret.toString()));
        assertThat(loaded.backend().usedPools().get(0).password()).isEqualTo("s3 cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    REDSHANK_OPTS          | x | REDSHANK_OPTS: found an unknown environment variable, allowed: REDSHANK_ and a path such as MQTT__ALLOW_ANONYMOUS, or REDSHANK_LOG_LEVEL
                    REDSHANK_NODE__NMAE    | x | node.nmae: found an unknown key, allowed: data, drain_rate, drain_within, event_loops, instances, name, roles, verticles
                    REDSHANK_NODE__NAME_FILE | /nowhere | REDSHANK_NODE__NAME_FILE: found "/nowhere", allowed: a file that can be read
                    """)
    void badEnvironment_isOneLine(String name, String value, String line) {
        assertThat(errors(List.of(), Map.of(name, value))).containsExactly(line);
    }

    @Test
    void missingFile_isSaid() {
        Path missing = directory.resolve("missing.json");
        assertThat(errors(List.of(missing), Map.of()))
                .containsExactly(missing + ": found no such file, allowed: a JSON file that can be read");
    }

    @Test
    void syntaxErrors_nameFileLineAndColumn() throws Exception {
        Path bad = file("bad.json", "{\n  'node': }\n");
        Path array = file("array.json", "[1]");
        List<String> lines = errors(List.of(bad, array), Map.of());
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith(bad + ", line 2, column 11: found no JSON, Unexpected character ('}'");
        assertThat(lines.get(1)).startsWith(array + ": found no JSON object");
    }

    private Path file(String name, String json) throws IOException {
        return Files.writeString(directory.resolve(name), json.replace('\'', '"'));
    }

    private static int port(Configuration configuration) {
        return configuration.mqtt().listeners().get(0).port();
    }

    private Configuration load(List<Path> files, Map<String, String> environment, String... settings) throws Exception {
        return new ConfigurationSources(directory, files, environment, List.of(settings))
                .load(vertx)
                .await(5, SECONDS);
    }

    private List<String> errors(List<Path> files, Map<String, String> environment) {
        return catchThrowableOfType(InvalidConfigurationException.class, () -> load(files, environment))
                .lines();
    }
}
