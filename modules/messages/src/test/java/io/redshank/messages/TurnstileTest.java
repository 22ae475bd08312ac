package io.redshank.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final Turnstile turnstile = new Turnstile(2);
    private final List<Promise<String>> begun = new ArrayList<>();

    private Future<String> enter() {
        return turnstile.enter(() -> {
            Promise<String> work = Promise.promise();
            begun.add(work);
            return work.future();
        });
    }

    @Test
    void moreThanMayBeUnderway_waitInOrder() {
        Future<String> first = enter();
        assertThat(turnstile.isFull()).isFalse();
        Future<String> second = enter();
        Future<String> third = enter();
        Future<String> fourth = enter();
        assertThat(turnstile.isFull()).isTrue();
        assertThat(begun).hasSize(2);
        begun.get(1).fail("no");
        assertThat(second.failed()).isTrue();
        assertThat(begun).hasSize(3);
        begun.get(2).complete("third");
        assertThat(third.result()).isEqualTo("third");
        begun.get(0).complete("first");
        assertThat(first.result()).isEqualTo("first");
        begun.get(3).complete("fourth");
        assertThat(fourth.result()).isEqualTo("fourth");
        assertThat(turnstile.isFull()).isFalse();
    }

    @Test
    void workThatIsDoneAtOnce_letsTheNextIn() {
        Future<String> first = enter();
        Future<String> second = enter();
        Future<String> third = turnstile.enter(() -> Future.succeededFuture("at once"));
        Future<String> fourth = enter();
        begun.get(0).complete("first");
        assertThat(List.of(first.succeeded(), second.succeeded())).containsExactly(true, false);
        assertThat(third.result()).isEqualTo("at once");
        assertThat(begun).hasSize(3);
        begun.get(2).complete("fourth");
        assertThat(fourth.result()).isEqualTo("fourth");
    }
}
