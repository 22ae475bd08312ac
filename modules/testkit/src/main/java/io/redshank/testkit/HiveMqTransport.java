package io.redshank.testkit;

import com.hivemq.client.mqtt.MqttClientBuilderBase;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttWebSocketConfig;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManagerFactory;
import org.jspecify.annotations.Nullable;

/** Tells a builder of the HiveMQ MQTT Client where to connect and how. */
final class HiveMqTransport {
    private HiveMqTransport() {}

    static <B extends MqttClientBuilderBase<B>> B set(B builder, Endpoint endpoint) {
        B set = builder.serverHost("127.0.0.1").serverPort(endpoint.port());
        if (endpoint.scheme().isTls()) {
            set = set.sslConfig(MqttClientSslConfig.builder()
                    .trustManagerFactory(endpoint.trust())
                    .keyManagerFactory(keys(endpoint))
                    .build());
        }
        if (endpoint.scheme().isWebSocket()) {
            String[] target = endpoint.path().split("\\?", 2);
            set = set.webSocketConfig(MqttWebSocketConfig.builder()
                    .serverPath(target[0])
                    .queryString(target.length > 1 ? target[1] : "")
                    .build());
        }
        return set;
    }

    private static @Nullable KeyManagerFactory keys(Endpoint endpoint) {
        try {
            return endpoint.identity() == null ? null : endpoint.identity().toKeyManagerFactory();
        } catch (GeneralSecurityException failure) {
            throw new AssertionError(failure);
        }
    }
}
