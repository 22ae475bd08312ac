package io.redshank.broker;

import static io.redshank.testkit.Packets.publish;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.events.Concern;
import io.redshank.events.EventTypes;
import io.redshank.events.SessionSubscribed;
import io.redshank.events.SubscriptionCommanded;
import io.redshank.events.SubscriptionOrigin;
import io.redshank.model.ClientId;
import io.redshank.model.Qos;
import io.redshank.model.TopicFilter;
import io.redshank.testkit.ConnectPacket;
import io.redshank.testkit.RawMqtt;
import io.redshank.testkit.RawPacket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application's commands to live clients. Connections, and the keepers of ids, are on both instances. */
class SubscriptionCommandTest {
    private final BrokerFixture broker = new BrokerFixture();

    @BeforeEach
    void start() throws Exception {
        broker.start();
    }

    @AfterEach
    void stop() throws Exception {
        broker.close();
    }

    /** Asks all instances, as who hears an application does; whether the client is live at one of them. */
    private boolean command(String client, String filter, @Nullable Qos qos) throws Exception {
        Promise<Boolean> live = Promise.promise();
        broker.backends.turn(events -> Future.all(events.requestOfAll(
                        EventTypes.SUBSCRIPTION_COMMANDED,
                        Concern.BROKER,
                        new SubscriptionCommanded(new ClientId(client), new TopicFilter(filter), qos)))
                .map(answers -> answers.<Boolean>list().contains(true))
                .onComplete(live));
        return live.future().await(5, SECONDS);
    }

    @Test
    void command_reachesTheClientOnWhicheverInstance() throws Exception {
        List<RawMqtt> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(broker.connect(4, "c" + i));
            assertThat(command("c" + i, "news", Qos.AT_LEAST_ONCE)).isTrue();
            SessionSubscribed told = broker.backends.subscribed.next();
            assertThat(told.client().value()).isEqualTo("c" + i);
            assertThat(told.origin()).isEqualTo(SubscriptionOrigin.APPLICATION);
        }
        clients.get(0).send(publish(4, "news", 0, 0, "p"));
        for (RawMqtt client : clients) {
            client.next(RawPacket.PUBLISH);
        }
        for (int i = 0; i < 8; i++) {
            assertThat(command("c" + i, "news", null)).isTrue();
            assertThat(broker.backends.unsubscribed.next().origin()).isEqualTo(SubscriptionOrigin.APPLICATION);
        }
        clients.get(0).send(publish(4, "news", 0, 0, "p"));
        clients.forEach(RawMqtt::expectNothing);
        clients.forEach(RawMqtt::close);
    }

    @Test
    void commandForAClientThatIsNotHere_isAnsweredSo() throws Exception {
        assertThat(command("nobody", "news", Qos.AT_LEAST_ONCE)).isFalse();
        broker.connect(4, "gone").close();
        broker.backends.disconnected.next();
        assertThat(command("gone", "news", Qos.AT_LEAST_ONCE)).isFalse();
    }

    @Test
    void commandOfWhatIsSoAlready_changesAndTellsNothing() throws Exception {
        try (RawMqtt client = broker.connect(4, "c").subscribed("news", 1)) {
            broker.backends.subscribed.next();
            assertThat(command("c", "news", Qos.AT_LEAST_ONCE)).isTrue();
            assertThat(command("c", "other", null)).isTrue();
            client.expectNothing();
            assertThat(broker.backends.subscribed.all()).hasSize(1);
            assertThat(broker.backends.unsubscribed.all()).isEmpty();
            assertThat(command("c", "news", Qos.EXACTLY_ONCE)).isTrue();
            assertThat(broker.backends.subscribed.next().subscription().qos()).isEqualTo(Qos.EXACTLY_ONCE);
        }
    }

    @Test
    void commandBetweenConnectAndConnack_isCarriedOutThen() throws Exception {
        broker.backends.connected.holding(event -> true);
        try (RawMqtt client = broker.open(4)) {
            client.send(ConnectPacket.of(4, "c").bytes());
            var asked = broker.backends.connected.nextHeld();
            assertThat(command("c", "news", Qos.AT_LEAST_ONCE)).isTrue();
            asked.answer();
            client.next(RawPacket.CONNACK);
            client.send(publish(4, "news", 0, 0, "p")).next(RawPacket.PUBLISH);
        }
    }
}
