package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import io.redshank.testkit.HiveMqScram;
import io.redshank.testkit.MqttDevice;
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
                .enhancedAuth(new HiveMqScram(TestUsers.ALICE, password))
                .buildAsync();
    }
}
