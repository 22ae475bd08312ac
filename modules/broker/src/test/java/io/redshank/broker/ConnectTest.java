package io.redshank.broker;

import io.redshank.testkit.RawMqtt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConnectTest {
    private static final BrokerFixture broker = new BrokerFixture();

    @BeforeAll
    static void start() throws Exception {
        broker.start();
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @Test
    void smoke() {
        try (RawMqtt client = broker.connect(4, "a")) {
            client.expectNothing();
        }
    }
}
