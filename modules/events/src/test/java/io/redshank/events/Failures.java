package io.redshank.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;

/** Awaits failures. */
final class Failures {
    private Failures() {}

    /** The failure of an event that must not succeed. */
    static EventFailedException of(Future<?> outcome) throws Exception {
        Throwable cause = outcome.map((Throwable) new AssertionError("it succeeded"))
                .otherwise(failure -> failure)
                .await(5, SECONDS);
        assertThat(cause).isInstanceOf(EventFailedException.class);
        return (EventFailedException) cause;
    }
}
