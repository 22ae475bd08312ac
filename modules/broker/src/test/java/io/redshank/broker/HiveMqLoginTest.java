package io.redshank.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientConfig;
import com.hivemq.client.mqtt.mqtt5.auth.Mqtt5EnhancedAuthMechanism;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5Auth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5AuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5EnhancedAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5Disconnect;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.ScramClient;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SCRAM-SHA-256 with a client library of others. */
class HiveMqLoginTest {
    private final BrokerFixture broker =
            new BrokerFixture().logins(TestUsers.logins()).anonymousAllowed(false);

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    @Test
    void clientThatProvesItself_isLetInAndProvesItselfAgain() throws Exception {
        Mqtt5AsyncClient client = client(TestUsers.PASSWORD);
        MqttDevice.within(client.connect());
        MqttDevice.within(client.reauth());
        MqttDevice.within(client.publishWith().topic("t").payload(new byte[1]).send());
        MqttDevice.within(client.disconnect());
        assertThat(broker.backends.connected.next().username()).isEqualTo(TestUsers.ALICE);
    }

    @Test
    void clientThatProvesNothing_isRefused() {
        assertThatThrownBy(() -> MqttDevice.within(client("looking-glass").connect()))
                .hasMessageContaining("NOT_AUTHORIZED");
    }

    private Mqtt5AsyncClient client(String password) {
        return Mqtt5Client.builder()
                .identifier("h")
                .serverHost("127.0.0.1")
                .serverPort(broker.port())
                .enhancedAuth(new Scram(password))
                .buildAsync();
    }

    /** Speaks as {@link ScramClient} does; one conversation at a time. */
    private static final class Scram implements Mqtt5EnhancedAuthMechanism {
        private final String password;
        private ScramClient scram;

        Scram(String password) {
            this.password = password;
            this.scram = new ScramClient(TestUsers.ALICE, password);
        }

        @Override
        public MqttUtf8String getMethod() {
            return MqttUtf8String.of(ScramClient.METHOD);
        }

        @Override
        public int getTimeout() {
            return 10;
        }

        @Override
        public CompletableFuture<Void> onAuth(
                Mqtt5ClientConfig config, Mqtt5Connect connect, Mqtt5EnhancedAuthBuilder builder) {
            builder.data(scram.first().getBytes(UTF_8));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> onReAuth(Mqtt5ClientConfig config, Mqtt5AuthBuilder builder) {
            scram = new ScramClient(TestUsers.ALICE, password);
            builder.data(scram.first().getBytes(UTF_8));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Boolean> onContinue(
                Mqtt5ClientConfig config, Mqtt5Auth auth, Mqtt5AuthBuilder builder) {
            builder.data(scram.last(text(auth.getData().orElseThrow())).getBytes(UTF_8));
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletableFuture<Boolean> onAuthSuccess(Mqtt5ClientConfig config, Mqtt5ConnAck connack) {
            ByteBuffer data =
                    connack.getEnhancedAuth().flatMap(auth -> auth.getData()).orElseThrow();
            return CompletableFuture.completedFuture(scram.trusts(text(data)));
        }

        @Override
        public CompletableFuture<Boolean> onReAuthSuccess(Mqtt5ClientConfig config, Mqtt5Auth auth) {
            return CompletableFuture.completedFuture(
                    scram.trusts(text(auth.getData().orElseThrow())));
        }

        @Override
        public void onAuthRejected(Mqtt5ClientConfig config, Mqtt5ConnAck connack) {}

        @Override
        public void onReAuthRejected(Mqtt5ClientConfig config, Mqtt5Disconnect disconnect) {}

        @Override
        public void onAuthError(Mqtt5ClientConfig config, Throwable cause) {}

        @Override
        public void onReAuthError(Mqtt5ClientConfig config, Throwable cause) {}

        private static String text(ByteBuffer data) {
            return UTF_8.decode(data).toString();
        }
    }
}
