package io.redshank.events;

import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way, and who waits for its answer.
 *
 * @param number its place among all that its sender has sent
 * @param keyed whether another instance may do it as well, should the one that it is for be gone
 */
record Waiting<E, R>(
        long number,
        EventType<E, R> type,
        E event,
        boolean keyed,
        @Nullable Promise<R> promise) {
    Batch.Entry<E, R> entry() {
        return new Batch.Entry<>(type, event, promise != null);
    }

    /** The same, when it is not known whether it has arrived. */
    Waiting<E, R> again() {
        return new Waiting<>(number, type, type.again().apply(event), keyed, promise);
    }

    /** Which of so many instances its key picks. */
    int key() {
        return type.key().applyAsInt(event);
    }

    void fail(EventFailedException failure) {
        if (promise != null) {
            promise.tryFail(failure);
        }
    }

    /** A message that is forwarded is looked after by its lane from now on, and nobody waits for it any more. */
    void doneIfForwarded() {
        if (type == EventTypes.MESSAGE_FORWARDED) {
            complete(new Answers.Outcome<>(EventTypes.MESSAGE_FORWARDED, Answer.DONE, null));
        }
    }

    /** The receiver answers each event with an outcome of that event's own type. */
    @SuppressWarnings("unchecked")
    void complete(Answers.Outcome<?> outcome) {
        if (promise == null) {
            return;
        }
        EventFailedException failure = outcome.failure();
        if (failure != null) {
            promise.tryFail(failure);
        } else {
            promise.tryComplete((R) outcome.value());
        }
    }
}
