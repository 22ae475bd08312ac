package io.redshank.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.redshank.model.ClientId;
import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.model.TopicName;
import java.util.List;
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

    @Test
    void keys_areKnownByTheirFamily() {
        assertThat(KeyKind.of("mqtt:client:c:1")).isEqualTo(KeyKind.CLIENT);
        assertThat(KeyKind.of(Keys.log(TOPIC))).isEqualTo(KeyKind.MESSAGE);
        assertThat(KeyKind.MESSAGE.nameIn(Keys.log(TOPIC))).isEqualTo("a/b c/ü");
        assertThat(KeyKind.of(Keys.will(new MessageId("x")))).isEqualTo(KeyKind.WILL);
        assertThat(List.of(
                        Keys.WILLS_DUE, Keys.DELAYED_DUE, Keys.SESSIONS_DUE, Keys.LOG_INDEX, "mqtt:client:", "conn:c"))
                .allSatisfy(other -> assertThat(KeyKind.of(other)).isNull());
    }

    @Test
    void bookmark_mayBelongToSeveralClients() {
        assertThat(Keys.bookmarksOf("mqtt:acked:a:b:t/1"))
                .containsExactly(
                        new Keys.Bookmark(new ClientId("a"), new TopicName("b:t/1")),
                        new Keys.Bookmark(new ClientId("a:b"), new TopicName("t/1")));
        assertThat(Keys.bookmarksOf("mqtt:acked::+")).isEmpty();
    }
}
