package io.redshank.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redshank.model.TopicFilter;
import io.redshank.model.TopicName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HookTableTest {
    @Test
    void entries_keepTheirOrderWithinAHook() {
        HookEntry first = entry(Hook.MESSAGE_PUBLISH, "a/#", BackendFunction.ON_MESSAGE_PUBLISH, "p1");
        HookEntry other = entry(Hook.MESSAGE_ACKED, "a/#", BackendFunction.ON_MESSAGE_ACKED_FOR_QUEUE, "p2");
        HookEntry second = entry(Hook.MESSAGE_PUBLISH, "#", BackendFunction.ON_MESSAGE_RETAIN, "p1");
        HookTable table = new HookTable(List.of(first, other, second));

        assertThat(table.entries(Hook.MESSAGE_PUBLISH)).containsExactly(first, second);
        assertThat(table.entries(Hook.MESSAGE_PUBLISH, BackendFunction.ON_MESSAGE_RETAIN))
                .containsExactly(second);
        assertThat(table.any(Hook.MESSAGE_ACKED)).isTrue();
        assertThat(table.any(Hook.CLIENT_CONNECTED)).isFalse();
        assertThat(table.any(BackendFunction.ON_MESSAGE_PUBLISH)).isTrue();
        assertThat(table.any(BackendFunction.ON_RETAIN_DELETE)).isFalse();
        assertThat(table.pools()).containsExactlyInAnyOrder("p1", "p2");
    }

    @ParameterizedTest
    @CsvSource({"queue/#,queue/a,true", "queue/#,pubsub/a,false", "#,a,true", "#,$SYS/a,false", ",$SYS/a,true"})
    void entry_appliesToTopicsOfItsFilter(String filter, String topic, boolean applies) {
        HookEntry entry = entry(Hook.MESSAGE_PUBLISH, filter, BackendFunction.ON_MESSAGE_PUBLISH, "p1");
        assertThat(entry.appliesTo(new TopicName(topic))).isEqualTo(applies);
    }

    @ParameterizedTest
    @CsvSource({"queue/#,queue/+,true", "queue/#,#,false", "queue/+,queue/#,false", ",#,true"})
    void entry_appliesToSubscriptionsThatItCovers(String filter, String subscription, boolean applies) {
        HookEntry entry = entry(Hook.SESSION_SUBSCRIBED, filter, BackendFunction.ON_RETAIN_LOOKUP, "p1");
        assertThat(entry.appliesTo(new TopicFilter(subscription))).isEqualTo(applies);
    }

    @Test
    void entryWithoutExpiry_isRefused() {
        FunctionAction action = new FunctionAction(BackendFunction.ON_RETAIN_LOOKUP);
        assertThatThrownBy(() -> new HookEntry("p", Hook.SESSION_SUBSCRIBED, null, action, "pool1", 0))
                .hasMessage("p: expired_time must be above 0, was 0");
    }

    @Test
    void hook_isFoundByItsNames() {
        assertThat(Hook.named("message.deliver")).contains(Hook.MESSAGE_DELIVERED);
        assertThat(Hook.named("message.delivered")).contains(Hook.MESSAGE_DELIVERED);
        assertThat(Hook.named("message.dropped")).isEmpty();
        for (Hook hook : Hook.values()) {
            assertThat(Hook.named(hook.configName())).contains(hook);
        }
    }

    @Test
    void function_isFoundByItsName() {
        assertThat(BackendFunction.values()).hasSize(14);
        for (BackendFunction function : BackendFunction.values()) {
            assertThat(BackendFunction.named(function.configName())).contains(function);
        }
        assertThat(BackendFunction.named("on_message_fetch")).isEmpty();
    }

    private static HookEntry entry(Hook hook, String filter, BackendFunction function, String pool) {
        TopicFilter topic = filter == null ? null : new TopicFilter(filter);
        return new HookEntry("path", hook, topic, new FunctionAction(function), pool, 60);
    }
}
