package io.redshank.example;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.ClientConnected;
import io.redshank.events.ClientDisconnected;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.LiveTopology;
import io.redshank.events.Topology;
import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.testkit.Eventually;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How to test a verticle of one's own without a node: what a node would tell is sent by the test. */
class AuditVerticleTest {
    private static final NodeName NODE = new NodeName("n");
    private static final ClientId CLIENT = new ClientId("c");

    @TempDir
    private Path directory = Path.of("");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    @Test
    void comingsAndGoings_areWrittenDown_behindWhatIsThere() throws Exception {
        EventCodecs.register(vertx.eventBus());
        Path file = Files.writeString(directory.resolve("audit.jsonl"), "{}\n");
        DeploymentOptions options = new DeploymentOptions().setConfig(new JsonObject().put("file", file.toString()));
        String audit =
                vertx.deployVerticle(AuditVerticle.class.getName(), options).await(5, SECONDS);
        LiveTopology topology = LiveTopology.alone(new Topology(NODE, Map.of(Concern.BROKER, 1)));
        vertx.deployVerticle(context -> {
                    var broadcasts = new EventOutbox(vertx, topology).broadcasts();
                    broadcasts.send(
                            EventTypes.CLIENT_CONNECTED,
                            new ClientConnected(CLIENT, "u", NODE, 1, 1000, true, 0, null));
                    broadcasts.send(
                            EventTypes.CLIENT_DISCONNECTED,
                            new ClientDisconnected(CLIENT, "u", NODE, 1, 2000, 0, null, null, null));
                    return Future.succeededFuture();
                })
                .await(5, SECONDS);
        Eventually.asserted(() -> assertThat(lines(file)).hasSize(3));
        vertx.undeploy(audit).await(5, SECONDS);
        assertThat(lines(file))
                .containsExactly(
                        "{}",
                        "{\"event\":\"client-connected\",\"client\":\"c\",\"user\":\"u\",\"node\":\"n\",\"at\":1000,\"connects\":1}",
                        "{\"event\":\"client-disconnected\",\"client\":\"c\",\"node\":\"n\",\"at\":2000}");
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
