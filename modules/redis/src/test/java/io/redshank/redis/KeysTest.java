package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import org.junit.jupiter.api.Test;

/** The keys as applications spell them. */
class KeysTest {
    private static final ClientId CLIENT = new ClientId("c:1");
    private static final TopicName TOPIC = new TopicName("a/b c/ü");

    @Test
    void keys_areThoseOfTheLayout() {
        assertThat(Keys.client(CLIENT)).isEqualTo("mqtt:client:c:1");
        assertThat(Keys.node(new NodeName("redshank@127.0.0.1"))).isEqualTo("mqtt:node:redshank@127.0.0.1");
        assertThat(Keys.subscriptions(CLIENT)).isEqualTo("mqtt:sub:c:1");
        assertThat(Keys.retained(TOPIC)).isEqualTo("mqtt:retain:a/b c/ü");
        assertThat(Keys.message(new MessageId("6P9NLcJ65VXBbC22sYb4"))).isEqualTo("mqtt:msg:6P9NLcJ65VXBbC22sYb4");
        assertThat(Keys.log(TOPIC)).isEqualTo("mqtt:msg:a/b c/ü");
        assertThat(Keys.acked(CLIENT, TOPIC)).isEqualTo("mqtt:acked:c:1:a/b c/ü");
        assertThat(Keys.latest(TOPIC)).isEqualTo("mqtt:latest_msg:a/b c/ü");
    }

    @Test
    void ourOwnKeys_sitUnderTheirPrefixes() {
        assertThat(Keys.session(CLIENT)).isEqualTo("mqtt:session:c:1");
        assertThat(Keys.RETAINED_INDEX).isEqualTo("mqtt:topics:retained");
        assertThat(Keys.LOG_INDEX).isEqualTo("mqtt:topics:log");
        assertThat(Keys.SESSIONS_DUE).isNotEqualTo(Keys.session(new ClientId("due")));
    }
}
