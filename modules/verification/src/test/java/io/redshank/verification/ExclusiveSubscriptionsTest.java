package io.redshank.verification;

import static io.redshank.testkit.MqttLibrary.HIVEMQ_5;
import static io.redshank.testkit.MqttLibrary.PAHO_3_1_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.testkit.DeviceOptions;
import io.redshank.testkit.Eventually;
import io.redshank.testkit.MqttDevice;
import io.redshank.testkit.NodeFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscriptions that one client at a time may have, on a node that is stopped and killed in between. */
class ExclusiveSubscriptionsTest {
    private static final int QUOTA_EXCEEDED = 0x97;

    @RegisterExtension
    static final NodeFixture node = NodeFixture.asShipped();

    @Test
    void subscription_passesOnWhenItsOwnerIsGone() {
        MqttDevice one = node.connect(HIVEMQ_5, "one");
        MqttDevice two = node.connect(HIVEMQ_5, "two");
        MqttDevice three = node.connect(PAHO_3_1_1, "three");
        assertThat(one.subscribe("$exclusive/post", 1)).isEqualTo(1);
        assertThat(two.subscribe("$exclusive/post", 1)).isEqualTo(QUOTA_EXCEEDED);
        assertThat(two.subscribe("post", 1)).as("as usual").isEqualTo(1);
        three.publish("post", "a", 1);
        assertThat(one.next().payload()).isEqualTo("a");
        assertThat(two.next().payload()).isEqualTo("a");
        one.unsubscribe("$exclusive/post");
        assertThat(two.subscribe("$exclusive/post", 1)).isEqualTo(1);
        two.disconnect();
        Eventually.isEqual(() -> one.subscribe("$exclusive/post", 1), 1);
    }

    @Test
    void session_keepsItsSubscription_overAKillOfTheNode() {
        MqttDevice owner = node.connect(PAHO_3_1_1, DeviceOptions.persisting("owner"));
        owner.subscribe("$exclusive/kept", 1);
        node.process().kill();
        node.start();
        MqttDevice other = node.connect(HIVEMQ_5, "other");
        assertThat(other.subscribe("$exclusive/kept", 1)).isEqualTo(QUOTA_EXCEEDED);
        other.publish("kept", "while away", 1);
        MqttDevice back = node.device(PAHO_3_1_1, DeviceOptions.persisting("owner"));
        assertThat(back.connect()).isTrue();
        assertThat(back.next().payload()).isEqualTo("while away");
        other.publish("kept", "live", 1);
        assertThat(back.next().payload()).isEqualTo("live");
        back.unsubscribe("$exclusive/kept");
        assertThat(other.subscribe("$exclusive/kept", 1)).isEqualTo(1);
    }
}
